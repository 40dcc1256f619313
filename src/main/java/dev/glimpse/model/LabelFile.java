package dev.glimpse.model;

import java.util.List;

/** A file with a class's name a line, in the order of the output. */
final class LabelFile {

  /** Some editors put it before the first word. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private LabelFile() {}

  static List<String> read(ModelFolder folder, String fileName) {
    String text = folder.read(fileName);
    String words = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    return words.strip().lines().map(String::strip).toList();
  }
}
