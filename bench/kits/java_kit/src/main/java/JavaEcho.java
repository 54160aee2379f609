import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.config.model.BdkBotConfig;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.config.model.BdkRsaKeyConfig;
import com.symphony.bdk.core.service.datafeed.RealTimeEventListener;
import com.symphony.bdk.gen.api.model.V4Initiator;
import com.symphony.bdk.gen.api.model.V4MessageSent;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers each message with Symphony's Java kit. usage: JavaEcho PORT KEY USERNAME
 *
 * <p>Runs until SIGTERM. Its calls block: a handler hands its answer to one of 64 threads, so that
 * answers do not wait for each other.
 */
public final class JavaEcho {
  public static void main(String[] given) throws Exception {
    var key = new BdkRsaKeyConfig();
    key.setPath(given[1]);
    var account = new BdkBotConfig();
    account.setUsername(given[2]);
    account.setPrivateKey(key);
    var config = new BdkConfig();
    config.setScheme("http");
    config.setHost("127.0.0.1");
    config.setPort(Integer.parseInt(given[0]));
    config.setBot(account);
    config.getDatafeed().setVersion("v2");
    var bdk = new SymphonyBdk(config);
    ExecutorService threads = Executors.newFixedThreadPool(64);
    bdk.datafeed().subscribe(new RealTimeEventListener() {
      @Override
      public void onMessageSent(V4Initiator initiator, V4MessageSent event) {
        var heard = event.getMessage();
        var text = heard.getMessage().replaceAll("<[^>]*>", "").strip();
        threads.submit(() -> bdk.messages()
            .send(heard.getStream().getStreamId(), "<messageML>echo " + text + "</messageML>"));
      }
    });
    bdk.datafeed().start();
  }
}
