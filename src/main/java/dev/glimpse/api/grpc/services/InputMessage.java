package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.MessageReader.LENGTH;
import static dev.glimpse.api.grpc.MessageReader.TAG;
import static dev.glimpse.api.grpc.MessageReader.VARINT;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an {@code InferInputTensor}, whose elements are in it, or raw in the request. */
final class InputMessage {

  private static final int NAME = 1 << TAG | LENGTH;
  private static final int DATATYPE = 2 << TAG | LENGTH;
  private static final int DIMENSION = 3 << TAG | VARINT;
  private static final int SHAPE = 3 << TAG | LENGTH;
  private static final int CONTENTS = 5 << TAG | LENGTH;

  /** A message may come in parts, which clients hardly ever use; each takes memory of its own. */
  private static final int MOST_PARTS = 1024;

  private final String field;
  private final byte[] message;
  private final List<Long> shape = new ArrayList<>();
  private String name = "";
  private @Nullable Datatype datatype;

  private boolean hasContents;

  /** Parts of one message, which may come in several; none of them is empty. */
  private final List<ByteBuffer> contents = new ArrayList<>();

  private InputMessage(String field, byte[] message) {
    this.field = field;
    this.message = message;
  }

  /**
   * Reads the value of a field.
   *
   * @param field where in the request it is, for messages
   * @param message the whole request
   */
  static InputMessage read(CodedInputStream in, String field, byte[] message) throws IOException {
    InputMessage input = new InputMessage(field, message);
    MessageReader.nested(in, input::field);
    return input;
  }

  private void field(int tag, CodedInputStream in) throws IOException {
    switch (tag) {
      case NAME -> name = MessageReader.name(in, field + ".name");
      case DATATYPE ->
          datatype =
              Datatype.named(MessageReader.name(in, field + ".datatype"))
                  .orElseThrow(
                      () -> invalid("datatype", "must be one of " + List.of(Datatype.values())));
      case DIMENSION -> dimension(in.readInt64());
      case SHAPE -> {
        int limit = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
          dimension(in.readInt64());
        }
        in.popLimit(limit);
      }
      case CONTENTS -> contents(InferMessage.slice(in, message));
      default -> in.skipField(tag);
    }
  }

  private void contents(ByteBuffer part) {
    hasContents = true;
    if (part.hasRemaining()) {
      if (contents.size() == MOST_PARTS) {
        throw invalid("contents", "must come in at most %d parts".formatted(MOST_PARTS));
      }
      contents.add(part);
    }
  }

  private void dimension(long size) {
    if (shape.size() == JsonFields.MAX_RANK) {
      throw invalid("shape", "must have at most %d dimensions".formatted(JsonFields.MAX_RANK));
    }
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw invalid("shape", "must hold numbers of 0 or more");
    }
    shape.add(size);
  }

  /**
   * Returns the tensor with its elements from the request.
   *
   * @throws ServingException INVALID_PARAMETER if it has elements of its own, too
   */
  Tensor tensor(ByteBuffer raw) {
    if (!contents.isEmpty()) {
      throw invalid("contents", "must not be there where raw_input_contents is");
    }
    return new Tensor(spec(), raw);
  }

  /**
   * Returns the tensor with its own elements.
   *
   * @throws ServingException INVALID_PARAMETER if it has none, or others than its type and shape
   */
  Tensor tensor() {
    if (!hasContents) {
      throw invalid("contents", "or raw_input_contents must be there");
    }
    TensorSpec spec = spec();
    return TypedContents.read(contents, field + ".contents", spec, type());
  }

  private TensorSpec spec() {
    if (name.isEmpty()) {
      throw invalid("name", "must be there");
    }
    return new TensorSpec(name, type().onnx(), shape);
  }

  private Datatype type() {
    Datatype type = datatype;
    if (type == null) {
      throw invalid("datatype", "must be there");
    }
    return type;
  }

  private ServingException invalid(String key, String what) {
    return ServingException.invalid(field + "." + key, what);
  }
}
