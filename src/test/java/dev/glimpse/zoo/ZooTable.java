package dev.glimpse.zoo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes the table of docs/models.md: for each network and export the largest difference. */
final class ZooTable {

  static final Path DOCUMENT = Path.of("docs/models.md");

  private static final List<String> EXPORTS =
      List.of("float32", "float16", "int8-qdq", "int8-dynamic");

  private static final String HEAD =
      "| architecture | opset | float32 | float16 | int8, QDQ | int8, dynamic |\n"
          + "|---|---|---|---|---|---|\n";

  private static final Pattern TABLE = Pattern.compile(Pattern.quote(HEAD) + "(\\|.*\n)*");

  private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();

  /** Adds a model's result: its largest difference, or what went wrong. */
  void add(ZooModel model, String result) {
    rows.computeIfAbsent(
            "| %s | %d |".formatted(model.network(), model.opset()), row -> new LinkedHashMap<>())
        .put(model.export(), result);
  }

  @Override
  public String toString() {
    return rows.entrySet().stream()
        .map(row -> row.getKey() + cells(row.getValue()))
        .collect(Collectors.joining("", HEAD, ""));
  }

  private static String cells(Map<String, String> results) {
    return EXPORTS.stream()
        .map(export -> " " + results.getOrDefault(export, "") + " |")
        .collect(Collectors.joining("", "", "\n"));
  }

  /** Returns the table that the document has. */
  static String documented() throws IOException {
    Matcher table = TABLE.matcher(Files.readString(DOCUMENT));
    return table.find() ? table.group() : "";
  }

  /** Replaces the table in the document. */
  void write() throws IOException {
    String text = Files.readString(DOCUMENT);
    Files.writeString(
        DOCUMENT, TABLE.matcher(text).replaceFirst(Matcher.quoteReplacement(toString())));
  }
}
