import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.core.config.model.BdkBotConfig;
import com.symphony.bdk.core.config.model.BdkCertificateConfig;
import com.symphony.bdk.core.config.model.BdkConfig;
import com.symphony.bdk.core.config.model.BdkRetryConfig;
import com.symphony.bdk.core.config.model.BdkRsaKeyConfig;
import com.symphony.bdk.core.config.model.BdkSslConfig;
import com.symphony.bdk.core.service.stream.StreamService;
import com.sun.management.OperatingSystemMXBean;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Create IM with Symphony's Java kit. usage: JavaKit PORT KEY REQUESTS IN_FLIGHT [cold|AUTHORITY]
 *
 * <p>Its calls block: a thread for each request on the wire. AUTHORITY: a PEM file, for TLS. Prints
 * CPU per request in us (cold: from before the login, all for one IM), rate and peak memory.
 */
public final class JavaKit {
  private static final int USERS = 2000;

  private static double cpuSeconds() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }

  private static long peakKb() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status")))
      if (line.startsWith("VmHWM:"))
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    return 0;
  }

  private static void trust(BdkConfig config, Path authority) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var pem = Files.newInputStream(authority)) {
      store.setCertificateEntry("bench", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    var bytes = new ByteArrayOutputStream();
    store.store(bytes, "changeit".toCharArray());
    var trusted = new BdkCertificateConfig();
    trusted.setContent(bytes.toByteArray());
    trusted.setPassword("changeit");
    var ssl = new BdkSslConfig();
    ssl.setTrustStore(trusted);
    config.setSsl(ssl);
  }

  private static void lap(StreamService streams, ExecutorService threads, int requests,
      int inFlight, boolean cold) throws Exception {
    var next = new AtomicInteger();
    var askers = new ArrayList<Callable<Void>>();
    for (int i = 0; i < inFlight; ++i)
      askers.add(() -> {
        for (int number; (number = next.getAndIncrement()) < requests; )
          if (streams.create(cold ? 1L : number % USERS + 1L).getId() == null)
            throw new IllegalStateException("no id");
        return null;
      });
    for (var asked : threads.invokeAll(askers))
      asked.get();
  }

  public static void main(String[] given) throws Exception {
    int requests = Integer.parseInt(given[2]);
    int inFlight = Integer.parseInt(given[3]);
    boolean cold = given.length > 4 && given[4].equals("cold");
    boolean tls = given.length > 4 && !cold;
    var key = new BdkRsaKeyConfig();
    key.setPath(given[1]);
    var bot = new BdkBotConfig();
    bot.setUsername("bench");
    bot.setPrivateKey(key);
    var retry = new BdkRetryConfig();
    retry.setMaxAttempts(1);
    var config = new BdkConfig();
    config.setScheme(tls ? "https" : "http");
    if (tls)
      trust(config, Path.of(given[4]));
    config.setHost("127.0.0.1");
    config.setPort(Integer.parseInt(given[0]));
    config.setRetry(retry);
    config.setBot(bot);

    ExecutorService threads = Executors.newFixedThreadPool(inFlight);
    double cpu = cpuSeconds();
    long began = System.nanoTime();
    StreamService streams = new SymphonyBdk(config).streams();
    if (!cold) {
      // Longer than what is measured: the compiler works in the background, and is counted.
      lap(streams, threads, 3 * requests, inFlight, false);
      cpu = cpuSeconds();
      began = System.nanoTime();
    }
    lap(streams, threads, requests, inFlight, cold);
    cpu = cpuSeconds() - cpu;
    double took = (System.nanoTime() - began) / 1e9;
    System.out.printf("{\"cpu_us\":%.1f,\"per_second\":%.0f,\"peak_kb\":%d}%n",
        cpu * 1e6 / requests, requests / took, peakKb());
    System.exit(0);
  }
}
