package dev.glimpse.failure;

/**
 * Makes text from outside, such as the name of a file, fit for a line of the log or a terminal: a
 * line break would forge another line, an escape sequence or a mark of direction change what is
 * seen.
 */
public final class Printable {

  private Printable() {}

  /**
   * Returns the text with the code in hexadecimal in place of each character that is not shown as
   * itself.
   */
  public static String of(String text) {
    StringBuilder printable = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isInvisible(c)) {
        printable = printable == null ? new StringBuilder(text.substring(0, i)) : printable;
        printable.append("\\u%04x".formatted((int) c));
      } else if (printable != null) {
        printable.append(c);
      }
    }
    return printable == null ? text : printable.toString();
  }

  private static boolean isInvisible(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
