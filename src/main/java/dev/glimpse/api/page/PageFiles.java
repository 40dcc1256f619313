package dev.glimpse.api.page;

import dev.glimpse.api.http.TaggedDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the files of the page, each as it is and compressed.
 *
 * @param byName the files by name, such as {@code app.js}
 */
record PageFiles(Map<String, PageFile> byName) {

  /** The page itself. */
  static final String INDEX = "index.html";

  static final String HTML = "text/html;charset=UTF-8";
  static final String JSON = "application/json;charset=UTF-8";

  /** All of them; a native executable cannot list a folder of its resources. */
  static final List<String> NAMES =
      List.of(
          INDEX,
          "style.css",
          "theme.js",
          "app.js",
          "camera.js",
          "card.js",
          "code.js",
          "dom.js",
          "options.js",
          "service.js",
          "words.js",
          "words.en.json",
          "words.zh.json",
          "icon.svg");

  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "html", HTML,
          "css", "text/css;charset=UTF-8",
          "js", "text/javascript;charset=UTF-8",
          "json", JSON,
          "svg", "image/svg+xml;charset=UTF-8");

  /**
   * Holds a file.
   *
   * @param mediaType with its charset
   */
  record PageFile(TaggedDocument document, String mediaType) {}

  /** Reads all files from the program itself, which takes some milliseconds. */
  static PageFiles read() {
    Map<String, PageFile> files = new HashMap<>();
    for (String name : NAMES) {
      files.put(name, new PageFile(TaggedDocument.of(bytes(name)), mediaType(name)));
    }
    return new PageFiles(Map.copyOf(files));
  }

  PageFile page() {
    return Objects.requireNonNull(byName.get(INDEX));
  }

  Optional<PageFile> file(@Nullable String name) {
    return name == null ? Optional.empty() : Optional.ofNullable(byName.get(name));
  }

  private static String mediaType(String name) {
    return MEDIA_TYPES.getOrDefault(
        name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
  }

  private static byte[] bytes(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream("/page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("The program lacks its resource page/" + name + ".");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
