package dev.glimpse.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs the native executable and the classes it was built from, on this JVM, and sends both the
 * same requests.
 */
public final class Twins implements AutoCloseable {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Service executable;
  private final Service jvm;

  private Twins(Service executable, Service jvm) {
    this.executable = executable;
    this.jvm = jvm;
  }

  /** Starts both with these settings; only where a native executable was packaged. */
  public static Twins start(Map<String, String> settings) throws Exception {
    Service executable = Service.start(settings);
    try {
      return new Twins(executable, Service.startTwin(settings));
    } catch (Exception | Error e) {
      executable.close();
      throw e;
    }
  }

  /** Sends a GET to both; headers are name and value in turn. */
  public Answers get(String path, String... headers) throws Exception {
    return ask(path, HttpRequest.newBuilder().GET(), headers);
  }

  /** Posts an image to both; headers are name and value in turn. */
  public Answers post(String path, byte[] image, String... headers) throws Exception {
    return ask(
        path,
        HttpRequest.newBuilder()
            .header("Content-Type", "image/*")
            .POST(BodyPublishers.ofByteArray(image)),
        headers);
  }

  private Answers ask(String path, HttpRequest.Builder request, String... headers)
      throws Exception {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return new Answers(answer(executable, path, request), answer(jvm, path, request));
  }

  private static HttpResponse<String> answer(
      Service service, String path, HttpRequest.Builder request) throws Exception {
    URI address = URI.create("http://localhost:" + service.port() + path);
    return CLIENT.send(
        request.uri(address).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    executable.close();
    jvm.close();
  }

  /** Holds both responses to one request. */
  public record Answers(HttpResponse<String> executable, HttpResponse<String> jvm) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final List<String> VARYING =
        List.of(
            "id", "score", "queue_ms", "decode_ms", "preprocess_ms", "inference_ms", "total_ms");

    /**
     * Fails unless both are the same JSON, field by field and in the same order, but for ids, for
     * times, and for scores to within the tolerance.
     *
     * @return the largest difference of a score
     */
    public double assertSame(String what, double tolerance) throws IOException {
      assertThat(executable.statusCode()).as(what).isEqualTo(jvm.statusCode());
      assertThat(executable.headers().map().keySet())
          .as(what)
          .isEqualTo(jvm.headers().map().keySet());
      assertThat(executable.headers().firstValue("Content-Type"))
          .as(what)
          .isEqualTo(jvm.headers().firstValue("Content-Type"));
      JsonNode ours = MAPPER.readTree(executable.body());
      JsonNode theirs = MAPPER.readTree(jvm.body());
      List<Double> scores = scores(ours);
      List<Double> expected = scores(theirs);
      assertThat(withoutWhatVaries(ours)).as(what).isEqualTo(withoutWhatVaries(theirs));
      double largest = 0;
      for (int i = 0; i < expected.size(); i++) {
        assertThat(scores.get(i)).as(what).isCloseTo(expected.get(i), within(tolerance));
        largest = Math.max(largest, Math.abs(scores.get(i) - expected.get(i)));
      }
      return largest;
    }

    private static List<Double> scores(JsonNode tree) {
      return tree.findValues("score").stream().map(JsonNode::asDouble).toList();
    }

    private static String withoutWhatVaries(JsonNode tree) throws JsonProcessingException {
      for (String name : VARYING) {
        tree.findParents(name).forEach(node -> ((ObjectNode) node).put(name, 0));
      }
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
    }
  }
}
