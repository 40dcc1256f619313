package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.MessageReader.LENGTH;
import static dev.glimpse.api.grpc.MessageReader.TAG;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.api.openinference.InferRequest;
import dev.glimpse.api.openinference.InferRequest.Input;
import dev.glimpse.api.openinference.InferRequest.Requested;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a {@code ModelInferRequest}. Raw tensors stay where they are in the message, and are not
 * copied.
 */
final class InferMessage {

  /** The message's name, for errors. */
  static final String NAME = "ModelInferRequest";

  private static final int ID = 3 << TAG | LENGTH;
  private static final int INPUT = 5 << TAG | LENGTH;
  private static final int OUTPUT = 6 << TAG | LENGTH;
  private static final int RAW_CONTENTS = 7 << TAG | LENGTH;

  /**
   * The most inputs, or outputs; no graph has as many, and each takes more memory than its message.
   */
  private static final int MOST_TENSORS = 1024;

  private final byte[] message;
  private final List<InputMessage> inputs = new ArrayList<>();
  private final List<OutputMessage> outputs = new ArrayList<>();
  private final List<ByteBuffer> raw = new ArrayList<>();
  private String id = "";

  private InferMessage(byte[] message) {
    this.message = message;
  }

  /**
   * Reads a message. The time taken grows with the number of elements that are not raw.
   *
   * @param message not to be changed, as tensors refer to it
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  static InferRequest read(byte[] message) {
    InferMessage reader = new InferMessage(message);
    MessageReader.read(NAME, CodedInputStream.newInstance(message), reader::field);
    return reader.request();
  }

  private void field(int tag, CodedInputStream in) throws IOException {
    switch (tag) {
      case ID -> id = MessageReader.name(in, "id");
      case INPUT -> {
        requireFew("inputs", inputs.size());
        inputs.add(InputMessage.read(in, "inputs[%d]".formatted(inputs.size()), message));
      }
      case OUTPUT -> {
        requireFew("outputs", outputs.size());
        outputs.add(OutputMessage.read(in, "outputs[%d]".formatted(outputs.size())));
      }
      case RAW_CONTENTS -> {
        requireFew("raw_input_contents", raw.size());
        raw.add(slice(in, message));
      }
      default -> in.skipField(tag);
    }
  }

  /** Returns the value of a field with its length, without a copy. */
  static ByteBuffer slice(CodedInputStream in, byte[] message) throws IOException {
    int length = in.readRawVarint32();
    int from = in.getTotalBytesRead();
    in.skipRawBytes(length);
    return ByteBuffer.wrap(message, from, length).slice();
  }

  private InferRequest request() {
    if (inputs.isEmpty()) {
      throw ServingException.invalid("inputs", "must hold at least one tensor");
    }
    boolean isRaw = !raw.isEmpty();
    if (isRaw && raw.size() != inputs.size()) {
      throw ServingException.invalid(
          "raw_input_contents",
          "must hold as many elements as inputs, which are %d, and holds %d"
              .formatted(inputs.size(), raw.size()));
    }
    List<Input> tensors = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      InputMessage input = inputs.get(i);
      tensors.add(new Input(isRaw ? input.tensor(raw.get(i)) : input.tensor(), false));
    }
    List<Requested> requested = outputs.stream().map(output -> output.requested(isRaw)).toList();
    return new InferRequest(
        Optional.of(id).filter(text -> !text.isEmpty()), tensors, requested, isRaw);
  }

  private static void requireFew(String field, int there) {
    if (there == MOST_TENSORS) {
      throw ServingException.invalid(field, "must hold at most %d".formatted(MOST_TENSORS));
    }
  }
}
