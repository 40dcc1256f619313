package dev.glimpse.failure;

/** Compares mistyped names with those that may be meant, for suggestions in messages. */
public final class EditDistance {

  private EditDistance() {}

  /** Returns how many letters have to be inserted, deleted or replaced (Levenshtein's distance). */
  public static int of(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
