package dev.glimpse.folder;

/** Writes rows as text, one or more lines for each. */
public sealed interface RowFormat permits TableRows, ReadableRows {

  /** Returns the lines before the first row, each with its end. */
  String header();

  /** Returns a row, with the end of its line. */
  String text(Row row);
}
