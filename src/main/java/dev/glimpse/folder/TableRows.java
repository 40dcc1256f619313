package dev.glimpse.folder;

import dev.glimpse.postprocess.Classification;
import java.util.List;
import java.util.Locale;

/** Writes rows for people: score, label and file, with further classes below the first. */
public final class TableRows implements RowFormat {

  private static final int WIDEST = 32;

  private final int width;

  /** Writes labels in a column that is wide enough for most of these. */
  public TableRows(List<String> labels) {
    this.width = Math.min(WIDEST, labels.stream().mapToInt(TableRows::length).max().orElse(0));
  }

  @Override
  public String header() {
    return "";
  }

  @Override
  public String text(Row row) {
    StringBuilder lines = new StringBuilder();
    String file = RowText.escaped(row.file());
    String problem = row.problem().map(why -> ": " + RowText.escaped(why.detail())).orElse("");
    if (row.best().isEmpty()) {
      return lines.append("failed  ").append(file).append(problem).append('\n').toString();
    }
    for (int i = 0; i < row.best().size(); i++) {
      Classification one = row.best().get(i);
      boolean first = i == 0;
      String label = RowText.escaped(one.label());
      lines
          .append(String.format(Locale.ROOT, "%.4f", one.score()))
          .append(first && row.uncertain() ? "? " : "  ")
          .append(label);
      if (first) {
        lines.append(" ".repeat(Math.max(0, width - length(label)) + 2)).append(file);
        row.sortedTo().ifPresent(to -> lines.append(" -> ").append(RowText.escaped(to)));
        lines.append(problem);
      }
      lines.append('\n');
    }
    return lines.toString();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
