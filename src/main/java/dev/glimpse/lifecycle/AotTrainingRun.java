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
 * Starts, asks itself what the public will ask, and ends: {@code java -jar quarkus-run.jar
 * rehearse}. A JVM that is told to record the run, with {@code -XX:AOTCacheOutput} or {@code
 * -XX:ArchiveClassesAtExit}, then knows the classes and the busiest methods of a whole request, and
 * a later start takes them from its file.
 */
final class AotTrainingRun implements QuarkusApplication {

  /** What stands on the command line. */
  static final String ARGUMENT = "rehearse";

  private static final Logger LOG = Logger.getLogger(AotTrainingRun.class);

  private static final int ROUNDS = 50;
  private static final int PATIENCE_MILLIS = 60_000;

  AotTrainingRun() {}

  /** Plays to an empty house: a free port that nobody else is told of. */
  static void closeTheDoors() {
    System.setProperty("quarkus.http.host", "127.0.0.1");
    System.setProperty("quarkus.http.port", "0");
    System.setProperty("glimpse.drain.quiet", "0s");
  }

  @Override
  public int run(String... arguments) throws IOException {
    byte[] picture = PipelineWarmUp.picture();
    int good = 0;
    for (int round = 0; round < ROUNDS; round++) {
      good += ask(picture);
    }
    LOG.infof("Rehearsed %d requests, %d of them were answered", 3 * ROUNDS, good);
    return good == 3 * ROUNDS ? 0 : 1;
  }

  /** The three ways to send a picture; how many of them were answered. */
  private static int ask(byte[] picture) throws IOException {
    byte[] json =
        ("{\"image\": {\"b64\": \"" + Base64.getEncoder().encodeToString(picture) + "\"}}")
            .getBytes(StandardCharsets.US_ASCII);
    return post("application/json", json)
        + post("image/jpeg", picture)
        + post("multipart/form-data; boundary=part", form(picture));
  }

  private static byte[] form(byte[] picture) throws IOException {
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
    form.write(picture);
    form.write(ascii("\r\n--part--\r\n"));
    return form.toByteArray();
  }

  /** By a bare socket, so that no HTTP client's classes get into the recording. 1 for a 200. */
  private static int post(String type, byte[] body) throws IOException {
    int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
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
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.startsWith("HTTP/1.1 200 ") ? 1 : 0;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
