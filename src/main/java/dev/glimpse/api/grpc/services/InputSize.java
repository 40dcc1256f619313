package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.MessageReader.LENGTH;
import static dev.glimpse.api.grpc.MessageReader.TAG;
import static dev.glimpse.api.grpc.MessageReader.VARINT;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.api.tensorjson.Datatype;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out how much memory the elements of an {@code InferInputTensor} take beside its message,
 * without reading them: integers may take eight times as much as their bytes in the message. What
 * is wrong with the tensor is said by {@link InputMessage}.
 */
final class InputSize {

  private static final int DATATYPE = 2 << TAG | LENGTH;
  private static final int DIMENSION = 3 << TAG | VARINT;
  private static final int SHAPE = 3 << TAG | LENGTH;
  private static final int CONTENTS = 5 << TAG | LENGTH;

  private final List<Long> shape = new ArrayList<>();
  private Optional<Datatype> datatype = Optional.empty();
  private long contents;

  private InputSize() {}

  /** Reads the value of a field, and returns the bytes; 0 for a tensor whose elements are raw. */
  static long read(CodedInputStream in) throws IOException {
    InputSize size = new InputSize();
    MessageReader.nested(in, size::field);
    return size.bytes();
  }

  private void field(int tag, CodedInputStream in) throws IOException {
    switch (tag) {
      case DATATYPE -> datatype = Datatype.named(MessageReader.name(in, "datatype"));
      case DIMENSION -> dimension(in.readInt64());
      case SHAPE -> {
        int limit = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
          dimension(in.readInt64());
        }
        in.popLimit(limit);
      }
      case CONTENTS -> {
        int length = in.readRawVarint32();
        in.skipRawBytes(length);
        contents += length;
      }
      default -> in.skipField(tag);
    }
  }

  private void dimension(long size) {
    if (shape.size() <= JsonFields.MAX_RANK) {
      shape.add(Math.max(0, Math.min(size, Integer.MAX_VALUE)));
    }
  }

  private long bytes() {
    if (datatype.isEmpty() || contents == 0) {
      return 0;
    }
    long count = Math.min(TypedContents.count(shape), contents);
    return TypedContents.bytes(datatype.get(), count, contents);
  }
}
