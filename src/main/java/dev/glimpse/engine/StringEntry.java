package dev.glimpse.engine;

import java.io.IOException;

/** A key and its value in an ONNX file: {@code StringStringEntryProto}. */
record StringEntry(String key, String value) {

  /** Reads an entry; a missing field is empty. */
  static StringEntry read(OnnxReader in) throws IOException {
    int outer = in.enter();
    String key = "";
    String value = "";
    while (in.next()) {
      switch (in.field()) {
        case OnnxProto.ENTRY_KEY -> key = in.string();
        case OnnxProto.ENTRY_VALUE -> value = in.string();
        default -> in.skip();
      }
    }
    in.leave(outer);
    return new StringEntry(key, value);
  }
}
