import com.symphony.bdk.core.service.message.util.MessageParser;
import com.symphony.bdk.core.service.message.util.PresentationMLParser;
import com.symphony.bdk.gen.api.model.V4Message;
import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a received message with Symphony's Java kit. usage: JavaMessages MESSAGE DATA RUNS
 *
 * <p>Its text, its mentions, tags and emoji, as a bot would. Prints CPU per message in us, once it is
 * compiled.
 */
public final class JavaMessages {
  public static void main(String[] arguments) throws Exception {
    String text = Files.readString(Path.of(arguments[0]));
    String data = Files.readString(Path.of(arguments[1]));
    int runs = Integer.parseInt(arguments[2]);
    read(text, data, runs);
    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long before = system.getProcessCpuTime();
    int found = read(text, data, runs);
    double used = (system.getProcessCpuTime() - before) / 1e3 / runs;
    if (found != runs * 2) {
      throw new IllegalStateException("mentions found: " + found);
    }
    System.out.printf("{\"cpu_us\": %.3f}%n", used);
  }

  private static int read(String text, String data, int runs) throws Exception {
    int mentions = 0;
    for (int i = 0; i < runs; ++i) {
      V4Message message = new V4Message();
      message.setMessage(text);
      message.setData(data);
      PresentationMLParser.getTextContent(message.getMessage());
      mentions += MessageParser.getMentions(message).size();
      MessageParser.getHashtags(message);
      MessageParser.getCashtags(message);
      MessageParser.getEmojis(message);
    }
    return mentions;
  }
}
