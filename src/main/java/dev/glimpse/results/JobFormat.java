package dev.glimpse.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads jobs and answers outside of this process: a line of JSON, a line break, and the
 * bytes that it describes.
 */
final class JobFormat {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JobFormat() {}

  /** A line of JSON and what follows it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Framed(JsonNode head, byte[] body) {}

  /** Returns a job as JSON. */
  static ObjectNode write(Job job) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("id", job.id())
            .put("owner", job.owner())
            .put("accepted", job.accepted())
            .put("request", job.requestId())
            .put("path", job.path())
            .put("images", job.images());
    ObjectNode query = json.putObject("query");
    job.query().forEach(query::put);
    job.contentType().ifPresent(type -> json.put("type", type));
    job.acceptLanguage().ifPresent(language -> json.put("languages", language));
    job.callback().ifPresent(url -> json.put("callback", url));
    return json;
  }

  /**
   * Returns the job that was written.
   *
   * @throws IOException if it is malformed
   */
  static Job job(JsonNode json) throws IOException {
    Map<String, String> query = new HashMap<>();
    json.path("query")
        .properties()
        .forEach(entry -> query.put(entry.getKey(), entry.getValue().asText()));
    int images = json.path("images").asInt();
    if (!JobIds.isId(json.path("id").asText()) || images < 1) {
      throw new IOException("It does not describe a job.");
    }
    return new Job(
        json.path("id").asText(),
        json.path("owner").asText(),
        json.path("accepted").asLong(),
        json.path("request").asText(),
        json.path("path").asText(),
        query,
        text(json, "type"),
        text(json, "languages"),
        images,
        text(json, "callback"));
  }

  private static Optional<String> text(JsonNode json, String name) {
    JsonNode value = json.get(name);
    return value == null ? Optional.empty() : Optional.of(value.asText());
  }

  /** Returns what describes an answer. */
  static ObjectNode head(StoredResponse answer) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("status", answer.status())
            .put("type", answer.contentType())
            .put("length", answer.body().length);
    answer.language().ifPresent(language -> json.put("language", language));
    return json;
  }

  /** Returns an answer. */
  static StoredResponse answer(JsonNode head, byte[] body) {
    return new StoredResponse(
        head.path("status").asInt(), head.path("type").asText(), text(head, "language"), body);
  }

  /** Puts a line before bytes. */
  static byte[] frame(ObjectNode head, byte[] body) {
    byte[] line = (head + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(line, line.length + body.length);
    System.arraycopy(body, 0, both, line.length, body.length);
    return both;
  }

  /**
   * Takes the line off.
   *
   * @throws IOException if it has no line
   */
  static Framed unframe(byte[] both) throws IOException {
    int end = lineEnd(both, 0);
    if (end < 0) {
      throw new IOException("It does not begin with a line of JSON.");
    }
    return new Framed(
        MAPPER.readTree(both, 0, end), Arrays.copyOfRange(both, end + 1, both.length));
  }

  /**
   * Reads the answers that were written one after the other, as far as they are whole: the process
   * that wrote them may have ended in the last one.
   *
   * @param answers receives them by the images' places
   */
  static void answers(byte[] all, Map<Integer, StoredResponse> answers) {
    int at = 0;
    while (true) {
      int end = lineEnd(all, at);
      JsonNode head = end < 0 ? null : tree(all, at, end - at);
      if (head == null || !head.path("image").isInt()) {
        return;
      }
      int start = end + 1;
      int length = head.path("length").asInt(-1);
      if (length < 0 || length >= all.length - start || all[start + length] != '\n') {
        return;
      }
      answers.put(
          head.path("image").asInt(), answer(head, Arrays.copyOfRange(all, start, start + length)));
      at = start + length + 1;
    }
  }

  /** Returns an image's answer as {@link #answers} reads it. */
  static byte[] write(int image, StoredResponse answer) {
    byte[] framed = frame(head(answer).put("image", image), answer.body());
    byte[] line = Arrays.copyOf(framed, framed.length + 1);
    line[framed.length] = '\n';
    return line;
  }

  private static @Nullable JsonNode tree(byte[] all, int at, int length) {
    try {
      return MAPPER.readTree(all, at, length);
    } catch (IOException e) {
      return null;
    }
  }

  private static int lineEnd(byte[] all, int from) {
    for (int i = from; i < all.length; i++) {
      if (all[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
