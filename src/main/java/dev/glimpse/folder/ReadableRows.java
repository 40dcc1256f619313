package dev.glimpse.folder;

import java.util.Optional;

/** Writes each row in one line, and reads it again. */
public sealed interface ReadableRows extends RowFormat permits CsvRows, JsonRows {

  /**
   * Holds what a row says of the work that was done.
   *
   * @param file the file's name as {@link #written} has it
   * @param sortedTo where the file was to be put
   * @param model name and version
   * @param failed whether it has a problem
   */
  record Written(String file, Optional<String> sortedTo, String model, boolean failed) {}

  /** Returns a file's name as {@link Written} has it. */
  String written(String file);

  /** Returns the model as {@link Written} has it; empty in rows without. */
  String model();

  /**
   * Returns whether a file's only line, whose end is missing, may be the beginning of what this
   * format writes: of the header, or of a row where there is no header.
   */
  boolean isTornBeginning(String line);

  /**
   * Reads a row that {@link #text} has written.
   *
   * @param line without its end
   * @throws IllegalArgumentException if it is not such a row
   */
  Written read(String line);
}
