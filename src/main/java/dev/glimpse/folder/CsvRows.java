package dev.glimpse.folder;

import dev.glimpse.postprocess.Classification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes rows as <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a> has them, with a
 * header. No cell holds a line break, and none begins like a formula of a spreadsheet: a file's
 * name gets {@code ./} before it, other text an apostrophe.
 */
public final class CsvRows implements ReadableRows {

  private static final String END = "\r\n";
  private static final String FORMULA = "=+-@";

  private final int classes;
  private final boolean sorted;
  private final String model;

  /**
   * Creates a format.
   *
   * @param classes how many a row has
   * @param sorted whether rows say where the file is put
   * @param model name and version
   */
  public CsvRows(int classes, boolean sorted, String model) {
    this.classes = classes;
    this.sorted = sorted;
    this.model = model;
  }

  @Override
  public String header() {
    List<String> names = new ArrayList<>(List.of("file", "label", "score"));
    for (int i = 2; i <= classes; i++) {
      names.add("label_" + i);
      names.add("score_" + i);
    }
    names.add("uncertain");
    if (sorted) {
      names.add("sorted_to");
    }
    names.addAll(List.of("model", "problem"));
    return String.join(",", names) + END;
  }

  @Override
  public String text(Row row) {
    List<String> cells = new ArrayList<>();
    cells.add(path(row.file()));
    for (int i = 0; i < classes; i++) {
      Optional<Classification> one =
          i < row.best().size() ? Optional.of(row.best().get(i)) : Optional.empty();
      cells.add(one.map(found -> words(found.label())).orElse(""));
      cells.add(one.map(found -> Float.toString(found.score())).orElse(""));
    }
    cells.add(row.best().isEmpty() ? "" : Boolean.toString(row.uncertain()));
    if (sorted) {
      cells.add(row.sortedTo().map(CsvRows::path).orElse(""));
    }
    cells.add(model);
    cells.add(row.problem().map(why -> words(why.detail())).orElse(""));
    return String.join(",", cells.stream().map(CsvRows::cell).toList()) + END;
  }

  @Override
  public String written(String file) {
    return isFormula(file) ? "./" + file : file;
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public boolean isTornBeginning(String line) {
    return header().startsWith(line);
  }

  @Override
  public Written read(String line) {
    List<String> cells =
        CsvLine.cells(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    int expected = 2 * classes + (sorted ? 5 : 4);
    if (cells.size() != expected) {
      throw new IllegalArgumentException("has %d cells, not %d".formatted(cells.size(), expected));
    }
    String to = sorted ? cells.get(expected - 3) : "";
    return new Written(
        RowText.unescaped(cells.get(0)),
        to.isEmpty() ? Optional.empty() : Optional.of(RowText.unescaped(to)),
        cells.get(expected - 2),
        !cells.get(expected - 1).isEmpty());
  }

  private static String path(String path) {
    return RowText.escaped(isFormula(path) ? "./" + path : path);
  }

  private static String words(String text) {
    String escaped = RowText.escaped(text);
    return isFormula(escaped) ? "'" + escaped : escaped;
  }

  private static boolean isFormula(String text) {
    return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
  }

  private static String cell(String text) {
    return text.chars().anyMatch(c -> c == ',' || c == '"')
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }
}
