package dev.glimpse.lifecycle;

import io.quarkus.runtime.QuarkusApplication;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/**
 * Starts the service, sends it typical requests, and exits: {@code java -jar quarkus-run.jar
 * rehearse}. A JVM that records this run, with {@code -XX:AOTCacheOutput} or {@code
 * -XX:ArchiveClassesAtExit}, writes the classes (and the busiest methods) of a whole request to a
 * file, from which a later start reads them.
 */
final class AotTrainingRun implements QuarkusApplication {

  /** The command-line argument that asks for this run. */
  static final String ARGUMENT = "rehearse";

  private static final Logger LOG = Logger.getLogger(AotTrainingRun.class);

  private static final int ROUNDS = 50;
  private static final int TIMEOUT_MILLIS = 60_000;

  AotTrainingRun() {}

  /** Serves on a free port of the loopback address only. */
  static void usePrivatePort() {
    System.setProperty("quarkus.http.host", "127.0.0.1");
    System.setProperty("quarkus.http.port", "0");
    System.setProperty("glimpse.drain.quiet", "0s");
  }

  @Override
  public int run(String... arguments) throws IOException {
    byte[] image = PipelineWarmUp.image();
    int succeeded = 0;
    for (int round = 0; round < ROUNDS; round++) {
      succeeded += send(image);
    }
    LOG.infof("Training run: %d requests sent, %d of them succeeded", 3 * ROUNDS, succeeded);
    return succeeded == 3 * ROUNDS ? 0 : 1;
  }

  /** Sends an image in each of the three ways; returns how many were answered with 200. */
  private static int send(byte[] image) throws IOException {
    byte[] json =
        ("{\"image\": {\"b64\": \"" + Base64.getEncoder().encodeToString(image) + "\"}}")
            .getBytes(StandardCharsets.US_ASCII);
    return post("application/json", json)
        + post("image/jpeg", image)
        + post("multipart/form-data; boundary=part", form(image));
  }

  private static byte[] form(byte[] image) throws IOException {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    String head =
        String.join(
            "\r\n",
            "--part",
            "Content-Disposition: form-data; name=\"file\"; filename=\"daisy.jpg\"",
            "Content-Type: image/jpeg",
            "",
            "");
    form.write(ascii(head));
    form.write(image);
    form.write(ascii("\r\n--part--\r\n"));
    return form.toByteArray();
  }

  /**
   * Sends a request over a plain socket, so that no HTTP client's classes are recorded; returns 1
   * for a 200, otherwise 0.
   */
  private static int post(String type, byte[] body) throws IOException {
    int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(
          ascii(
              "POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                  + type
                  + "\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n"));
      out.write(body);
      out.flush();
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return response.startsWith("HTTP/1.1 200 ") ? 1 : 0;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
