package dev.glimpse.cli;

import dev.glimpse.failure.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Formats rows of text in aligned columns; the last column is not padded. */
final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row; what a terminal would not show as itself is escaped. */
  Table row(String... cells) {
    rows.add(Arrays.stream(cells).map(Printable::of).toList());
    return this;
  }

  /** Returns the table as text, one line for each row. */
  String indented(String indent) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        int length = row.get(i).codePointCount(0, row.get(i).length());
        if (i == widths.size()) {
          widths.add(length);
        }
        widths.set(i, Math.max(widths.get(i), length));
      }
    }
    return rows.stream().map(row -> indent + line(row, widths)).collect(Collectors.joining());
  }

  private static String line(List<String> row, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String cell = row.get(i);
      line.append(cell);
      if (i < row.size() - 1) {
        line.append(" ".repeat(widths.get(i) - cell.codePointCount(0, cell.length()) + 2));
      }
    }
    return line.toString().stripTrailing() + "\n";
  }
}
