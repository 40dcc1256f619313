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
 * Looks models up by name in a JSON file: the built-in one, or the user's in the same format.
 *
 * <p>{@code {"shared": {…}, "models": {"<name>": {"source": "…", "files": [{"path", "url", "size",
 * "sha256", "licence"}, …]}}}}. A file with {@code "content"} instead of a {@code "url"} is written
 * as it is; a string instead of a file is a key of {@code "shared"}.
 */
public final class Catalogue {

  private static final String BUILT_IN = "/catalogue.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String name;
  private final JsonNode root;

  private Catalogue(String name, String text) {
    this.name = name;
    try {
      this.root = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new FetchException(name + " is not valid JSON; correct it.", e);
    }
    if (!root.path("models").isObject()) {
      throw new FetchException(
          name + " has no \"models\"; add an object with one entry for each model.");
    }
  }

  /** Reads the built-in catalogue. */
  public static Catalogue builtIn() {
    try (InputStream in = Catalogue.class.getResourceAsStream(BUILT_IN)) {
      byte[] bytes = Objects.requireNonNull(in, BUILT_IN).readAllBytes();
      return new Catalogue("The catalogue", new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(BUILT_IN + " cannot be read", e);
    }
  }

  /**
   * Reads a catalogue of the user's.
   *
   * @throws FetchException if the file cannot be read, or is not a catalogue
   */
  public static Catalogue read(Path file) {
    try {
      return new Catalogue(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new FetchException(
          "The catalogue " + file + " cannot be read; check its path and permissions.", e);
    }
  }

  /** Returns the models' names, in the order of the file. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    root.path("models").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Returns what to fetch for a model, under the catalogue's name; empty if it is not listed. */
  public Optional<PullRequest> find(String model) {
    return find(model, Optional.empty());
  }

  /**
   * Returns what to fetch for a model; empty if the catalogue does not list it.
   *
   * @param name the name in the repository; empty: the catalogue's
   * @throws FetchException if the entry lacks a field or holds an invalid one
   */
  public Optional<PullRequest> find(String model, Optional<String> name) {
    JsonNode entry = root.path("models").path(model);
    if (entry.isMissingNode()) {
      return Optional.empty();
    }
    List<RemoteFile> files = new ArrayList<>();
    Map<String, String> contents = new LinkedHashMap<>();
    for (JsonNode listed : entry.path("files")) {
      JsonNode file = listed.isTextual() ? root.path("shared").path(listed.textValue()) : listed;
      String path = text(file, "path");
      if (file.path("content") instanceof ObjectNode content) {
        contents.put(path, content.toPrettyString() + "\n");
      } else {
        files.add(remote(path, file));
      }
    }
    return Optional.of(new PullRequest(name.orElse(model), text(entry, "source"), files, contents));
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
      throw new FetchException(name + ": a model or a file has no \"" + key + "\"; add it.");
    }
    return text;
  }
}
