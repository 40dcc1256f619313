package dev.glimpse.tracing;

import static dev.glimpse.support.Polling.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.GoProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An OpenTelemetry Collector, which writes what it receives to a file. */
final class Collector implements AutoCloseable {

  private static final Path MODULE = Path.of("src/test/clients/collector");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String program;
  private final Path folder;
  private final int port;
  private Process process;

  /**
   * Compiles and starts a collector.
   *
   * @param receivers the settings of its receivers beside OTLP, as YAML, or an empty string
   * @param pipelines the pipelines that these are part of, as YAML
   */
  Collector(Path folder, String receivers, String pipelines) throws Exception {
    this.program = GoProgram.compile(MODULE);
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    String settings =
        """
        receivers:
          otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}
        %s
        exporters:
          file: {path: "%s", append: true, flush_interval: 100ms}
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces: {receivers: [otlp], exporters: [file]}
        %s
        """
            .formatted(port, receivers.indent(2), output(), pipelines.indent(4));
    Files.writeString(folder.resolve("collector.yaml"), settings);
    start();
  }

  private Path output() {
    return folder.resolve("received.json");
  }

  /** Starts it on the port that it had, and waits until it listens. */
  void start() throws IOException {
    process =
        new ProcessBuilder(program, "--config", folder.resolve("collector.yaml").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    await().until(this::isListening);
  }

  private boolean isListening() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError(Files.readString(folder.resolve("log")));
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }

  String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Returns the spans that have been written. */
  List<JsonNode> spans() throws IOException {
    return records("resourceSpans", "scopeSpans", "spans");
  }

  /** Returns the lines of logs that have been written, parsed. */
  List<JsonNode> logRecords() throws IOException {
    return records("resourceLogs", "scopeLogs", "logRecords");
  }

  /** Returns the resources that the lines of logs are of. */
  List<JsonNode> logResources() throws IOException {
    List<JsonNode> resources = new ArrayList<>();
    written()
        .forEach(
            line -> line.path("resourceLogs").forEach(one -> resources.add(one.path("resource"))));
    return resources;
  }

  private List<JsonNode> records(String resources, String scopes, String records)
      throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (JsonNode line : written()) {
      for (JsonNode resource : line.path(resources)) {
        for (JsonNode scope : resource.path(scopes)) {
          scope.path(records).forEach(all::add);
        }
      }
    }
    return all;
  }

  /** Returns the whole lines of its file; a collector that is killed leaves half a line. */
  private List<JsonNode> written() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (Files.exists(output())) {
      for (String line : Files.readAllLines(output())) {
        try {
          lines.add(JSON.readTree(line));
        } catch (JsonProcessingException e) {
          continue;
        }
      }
    }
    return lines;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
