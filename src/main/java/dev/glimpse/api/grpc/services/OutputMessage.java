package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.MessageReader.LENGTH;
import static dev.glimpse.api.grpc.MessageReader.TAG;
import static dev.glimpse.api.grpc.MessageReader.VARINT;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.api.openinference.InferRequest.Requested;
import dev.glimpse.failure.ServingException;
import java.io.IOException;

/** Reads an {@code InferRequestedOutputTensor}, and of its parameters the classification. */
final class OutputMessage {

  private static final int NAME = 1 << TAG | LENGTH;
  private static final int PARAMETER = 2 << TAG | LENGTH;
  private static final int KEY = 1 << TAG | LENGTH;
  private static final int VALUE = 2 << TAG | LENGTH;
  private static final int INT64 = 2 << TAG | VARINT;
  private static final int UINT64 = 5 << TAG | VARINT;

  private static final String CLASSIFICATION = "classification";

  private final String field;
  private String name = "";
  private int classes;

  private OutputMessage(String field) {
    this.field = field;
  }

  /**
   * Reads the value of a field.
   *
   * @param field where in the request it is, for messages
   */
  static OutputMessage read(CodedInputStream in, String field) throws IOException {
    OutputMessage output = new OutputMessage(field);
    MessageReader.nested(in, output::field);
    if (output.name.isEmpty()) {
      throw ServingException.invalid(field + ".name", "must be there");
    }
    return output;
  }

  private void field(int tag, CodedInputStream in) throws IOException {
    switch (tag) {
      case NAME -> name = MessageReader.name(in, field + ".name");
      case PARAMETER -> parameter(in);
      default -> in.skipField(tag);
    }
  }

  private void parameter(CodedInputStream in) throws IOException {
    String[] key = {""};
    Long[] value = new Long[1];
    MessageReader.nested(
        in,
        (tag, entry) -> {
          switch (tag) {
            case KEY -> key[0] = entry.readString();
            case VALUE ->
                MessageReader.nested(entry, (choice, of) -> value[0] = number(choice, of));
            default -> entry.skipField(tag);
          }
        });
    if (key[0].equals(CLASSIFICATION)) {
      if (value[0] == null || value[0] < 0 || value[0] > Integer.MAX_VALUE) {
        throw ServingException.invalid(
            field + ".parameters." + CLASSIFICATION, "must be an int64_param of 0 or more");
      }
      classes = value[0].intValue();
    }
  }

  private static Long number(int choice, CodedInputStream in) throws IOException {
    if (choice == INT64 || choice == UINT64) {
      return in.readRawVarint64();
    }
    in.skipField(choice);
    return -1L;
  }

  /**
   * Returns the output.
   *
   * @param binary whether the request's tensors are raw, as the outputs will be
   */
  Requested requested(boolean binary) {
    return new Requested(name, binary, classes);
  }
}
