package dev.glimpse.pull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Models by name: a JSON file in this program, or one of the user's in the same form.
 *
 * <p>{@code {"shared": {…}, "models": {"<name>": {"source": "…", "files": [{"path", "url", "size",
 * "sha256", "licence"}, …]}}}}. A file with {@code "content"} instead of a {@code "url"} is written
 * as it stands; a text instead of a file names one of {@code "shared"}.
 */
public final class Catalogue {

  private static final String OWN = "/catalogue.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String name;
  private final JsonNode root;

  private Catalogue(String name, String text) {
    this.name = name;
    try {
      this.root = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new FetchException(name + " is not valid JSON.", e);
    }
    if (!root.path("models").isObject()) {
      throw new FetchException(name + " has no \"models\".");
    }
  }

  /** The one in this program. */
  public static Catalogue own() {
    try (InputStream in = Catalogue.class.getResourceAsStream(OWN)) {
      byte[] bytes = Objects.requireNonNull(in, OWN).readAllBytes();
      return new Catalogue("The catalogue", new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(OWN + " cannot be read", e);
    }
  }

  /** One of the user's. */
  public static Catalogue read(Path file) {
    try {
      return new Catalogue(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new FetchException("The catalogue " + file + " cannot be read.", e);
    }
  }

  /** The models' names, in the order of the file. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    root.path("models").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** A model, if it is in here. */
  public Optional<PullRequest> find(String model) {
    return find(model, Optional.empty());
  }

  /**
   * As above.
   *
   * @param name what it is to be called instead
   */
  public Optional<PullRequest> find(String model, Optional<String> name) {
    JsonNode entry = root.path("models").path(model);
    if (entry.isMissingNode()) {
      return Optional.empty();
    }
    List<RemoteFile> files = new ArrayList<>();
    Map<String, String> written = new LinkedHashMap<>();
    for (JsonNode listed : entry.path("files")) {
      JsonNode file = listed.isTextual() ? root.path("shared").path(listed.textValue()) : listed;
      String path = text(file, "path");
      if (file.path("content") instanceof ObjectNode content) {
        written.put(path, content.toPrettyString() + "\n");
      } else {
        files.add(remote(path, file));
      }
    }
    return Optional.of(new PullRequest(name.orElse(model), text(entry, "source"), files, written));
  }

  private RemoteFile remote(String path, JsonNode file) {
    JsonNode size = file.path("size");
    return new RemoteFile(
        path,
        DownloadUrls.of(text(file, "url")),
        size.canConvertToLong() ? OptionalLong.of(size.longValue()) : OptionalLong.empty(),
        Optional.ofNullable(file.path("sha256").textValue()),
        Optional.ofNullable(file.path("licence").textValue()));
  }

  private String text(JsonNode node, String key) {
    String text = node.path(key).textValue();
    if (text == null) {
      throw new FetchException(name + ": a model or a file has no \"" + key + "\".");
    }
    return text;
  }
}
