package dev.glimpse.api.openinference;

import com.fasterxml.jackson.core.JsonParser;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.api.openinference.InferRequest.Input;
import dev.glimpse.api.openinference.InferRequest.Requested;
import dev.glimpse.api.tensorjson.TensorJson;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body of {@code infer}: JSON, and after it the tensors that are sent in binary, as the <a
 * href="https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol/binary-tensor-data-extension">binary
 * tensor data extension</a> defines. Reads token by token, as a tensor may hold many numbers.
 */
final class InferBody {

  /**
   * The request header with the number of the body's bytes that are JSON, before binary tensors.
   */
  static final String HEADER_LENGTH = "Inference-Header-Content-Length";

  /**
   * The most inputs, or outputs; no graph has as many, and each takes more memory than its JSON.
   */
  private static final int MOST_TENSORS = 1024;

  private final byte[] body;
  private final int jsonBytes;
  private final ByteBuffer binary;
  private final List<Input> inputs = new ArrayList<>();
  private final List<OutputBody> outputs = new ArrayList<>();
  private Optional<String> id = Optional.empty();
  private boolean binaryOutputs;

  private InferBody(byte[] body, int jsonBytes) {
    this.body = body;
    this.jsonBytes = jsonBytes;
    this.binary = ByteBuffer.wrap(body, jsonBytes, body.length - jsonBytes);
  }

  /**
   * Reads a body. The time taken grows with the number of elements.
   *
   * @param headerLength how many of its bytes are JSON; null: all
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  static InferRequest read(byte[] body, @Nullable String headerLength) {
    int jsonBytes = jsonBytes(body, headerLength);
    InferBody reader = new InferBody(body, jsonBytes);
    TensorJson.parse(body, jsonBytes, reader::read);
    return reader.request();
  }

  private static int jsonBytes(byte[] body, @Nullable String headerLength) {
    if (headerLength == null) {
      return body.length;
    }
    if (!headerLength.matches("[0-9]{1,9}") || Integer.parseInt(headerLength) > body.length) {
      throw ServingException.invalid(
          HEADER_LENGTH,
          "must be the number of the body's bytes that are JSON, and the body has " + body.length);
    }
    return Integer.parseInt(headerLength);
  }

  private void read(JsonParser json) throws IOException {
    JsonFields.each(json, "", this::field);
  }

  private InferRequest request() {
    if (inputs.isEmpty()) {
      throw ServingException.invalid("inputs", "must hold at least one tensor");
    }
    if (binary.hasRemaining()) {
      throw ServingException.invalid(
          "binary_data_size",
          "leaves %d bytes at the end of the body unused".formatted(binary.remaining()));
    }
    List<Requested> requested =
        outputs.stream().map(output -> output.requested(binaryOutputs)).toList();
    return new InferRequest(id, List.copyOf(inputs), requested, binaryOutputs);
  }

  private void field(JsonParser json, String name) throws IOException {
    switch (name) {
      case "id" -> id = Optional.of(JsonFields.text(json, "id"));
      case "parameters" ->
          JsonFields.each(
              json,
              name,
              (value, parameter) -> {
                if (parameter.equals("binary_data_output")) {
                  binaryOutputs = JsonFields.bool(value, parameter);
                } else {
                  JsonFields.skip(value);
                }
              });
      case "inputs" ->
          JsonFields.array(
              json,
              name,
              element -> {
                String field = next(name, inputs.size());
                inputs.add(new InputBody(field, body, jsonBytes, binary).read(element));
              });
      case "outputs" ->
          JsonFields.array(
              json,
              name,
              element -> outputs.add(OutputBody.read(element, next(name, outputs.size()))));
      default -> JsonFields.skip(json);
    }
  }

  private static String next(String name, int there) {
    if (there == MOST_TENSORS) {
      throw ServingException.invalid(name, "must hold at most %d".formatted(MOST_TENSORS));
    }
    return "%s[%d]".formatted(name, there);
  }
}
