package dev.glimpse.deploy;

import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Knative's queue-proxy as a process, set up as Knative does it from deploy/knative. */
final class QueueProxy implements AutoCloseable {

  /** Where Knative tells Kubernetes to ask before it ends the container beside. */
  private static final String WAIT_FOR_DRAIN = "http://localhost:8022/wait-for-drain";

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Process process;
  private final int port;

  private QueueProxy(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it on one port before Glimpse on the other, and waits until it listens. */
  static QueueProxy start(Path program, int port, int glimpse) throws Exception {
    Workload knative = Workload.knative();
    Probe probe = knative.container().getReadinessProbe();
    ProcessBuilder builder = new ProcessBuilder(program.toString());
    builder
        .environment()
        .putAll(
            Map.ofEntries(
                Map.entry("CONTAINER_CONCURRENCY", "" + knative.concurrency().getAsLong()),
                Map.entry("REVISION_TIMEOUT_SECONDS", "" + knative.timeout().getAsLong()),
                Map.entry("QUEUE_SERVING_PORT", "" + port),
                Map.entry("QUEUE_SERVING_TLS_PORT", "0"),
                Map.entry("USER_PORT", "" + glimpse),
                Map.entry(
                    "SERVING_READINESS_PROBE",
                    """
                    {"httpGet": {"path": "%s", "port": %d, "host": "127.0.0.1", "scheme": "HTTP"},
                     "periodSeconds": 10, "timeoutSeconds": 1, "successThreshold": 1}\
                    """
                        .formatted(probe.getHttpGet().getPath(), glimpse)),
                Map.entry("SERVING_LOGGING_CONFIG", ""),
                Map.entry("SERVING_LOGGING_LEVEL", "info"),
                Map.entry("SERVING_NAMESPACE", "default"),
                Map.entry("SERVING_CONFIGURATION", "glimpse"),
                Map.entry("SERVING_REVISION", "glimpse-00001"),
                Map.entry("SERVING_POD", "glimpse-00001-pod"),
                Map.entry("SERVING_POD_IP", "127.0.0.1")));
    Path log = Files.createTempFile(Path.of("target"), "queue-proxy-", ".log");
    QueueProxy proxy =
        new QueueProxy(
            builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), port);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (proxy.probe() == -1) {
      if (!proxy.process.isAlive() || System.nanoTime() > end) {
        proxy.close();
        throw new IllegalStateException("It did not start: " + Files.readString(log));
      }
      proxy.process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    return proxy;
  }

  int port() {
    return port;
  }

  /** The status of the question that Knative's activator asks; -1 if nobody answers. */
  int probe() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port))
            .header("User-Agent", "Knative-Activator-Probe")
            .header("K-Network-Probe", "queue")
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return -1;
    }
  }

  /** The hook by which Kubernetes is kept from ending Glimpse: done when there is nobody left. */
  CompletableFuture<Integer> preStop() {
    return CLIENT
        .sendAsync(
            HttpRequest.newBuilder(URI.create(WAIT_FOR_DRAIN)).build(),
            HttpResponse.BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode);
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Waits until it has ended. */
  boolean ended(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
