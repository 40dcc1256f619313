package dev.glimpse.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * A key and its value in an ONNX file: {@code StringStringEntryProto} in <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>.
 */
record StringEntry(String key, String value) {

  private static final int KEY = 1;
  private static final int VALUE = 2;

  /** Reads an entry with the length before it; a missing field is empty. */
  static StringEntry read(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case KEY -> key = in.readString();
        case VALUE -> value = in.readString();
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    return new StringEntry(key, value);
  }
}
