package dev.glimpse.openinference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.http.BodyJson;
import dev.glimpse.openinference.InferRequest.Input;
import dev.glimpse.openinference.InferRequest.Requested;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body of {@code infer}: JSON, and after it the tensors that are sent in binary, as the <a
 * href="https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol/binary-tensor-data-extension">binary
 * tensor data extension</a> has it. Token by token, as a tensor may hold many numbers.
 */
final class InferBody {

  static final JsonFactory JSON =
      BodyJson.factory()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes them so
          .build();

  /** More inputs, or outputs, than any graph has, each of which takes more memory than its JSON. */
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
   * Reads a body. Takes as long as its numbers take to be read.
   *
   * @param headerLength how many of its bytes are JSON; null: all
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  static InferRequest read(byte[] body, @Nullable String headerLength) {
    int jsonBytes = jsonBytes(body, headerLength);
    InferBody reader = new InferBody(body, jsonBytes);
    parse(body, jsonBytes, reader::read);
    return reader.request();
  }

  /**
   * Reads the object that the JSON of a body is.
   *
   * @throws ServingException MALFORMED_REQUEST if it is none, or more
   */
  static void parse(byte[] body, int jsonBytes, JsonFields.Element object) {
    try (JsonParser json = JSON.createParser(body, 0, jsonBytes)) {
      if (json.currentLocation().getByteOffset() < 0) {
        // of UTF-16 and 32 the parser cannot say where in the body it is, which some of us ask
        throw new ServingException(Failure.MALFORMED_REQUEST, "The body's JSON must be UTF-8.");
      }
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new ServingException(Failure.MALFORMED_REQUEST, "The body is not a JSON object.");
      }
      object.read(json);
      if (json.nextToken() != null) {
        throw new ServingException(
            Failure.MALFORMED_REQUEST, "After the body's JSON object there is more.");
      }
    } catch (JsonProcessingException e) {
      throw new ServingException(
          Failure.MALFORMED_REQUEST,
          "The body is not JSON of the documented form (line %d, column %d)."
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()),
          e);
    } catch (IOException e) {
      throw new ServingException(Failure.MALFORMED_REQUEST, "The body cannot be read.", e);
    }
  }

  private static int jsonBytes(byte[] body, @Nullable String headerLength) {
    if (headerLength == null) {
      return body.length;
    }
    if (!headerLength.matches("[0-9]{1,9}") || Integer.parseInt(headerLength) > body.length) {
      throw ServingException.invalid(
          InferResource.HEADER_LENGTH,
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
          "leaves %d bytes of the body to no tensor".formatted(binary.remaining()));
    }
    List<Requested> requested =
        outputs.stream().map(output -> output.requested(binaryOutputs)).toList();
    return new InferRequest(id, List.copyOf(inputs), requested, binaryOutputs);
  }

  private void field(JsonParser json, String name) throws IOException {
    switch (name) {
      case "id" -> id = Optional.of(JsonFields.text(json, "id"));
      case "parameters" ->
          JsonFields.object(
              json,
              name,
              (value, parameter) -> {
                if (parameter.equals("binary_data_output")) {
                  binaryOutputs = JsonFields.bool(value, parameter);
                } else {
                  value.skipChildren();
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
      default -> json.skipChildren();
    }
  }

  private static String next(String name, int there) {
    if (there == MOST_TENSORS) {
      throw ServingException.invalid(name, "must be %d at most".formatted(MOST_TENSORS));
    }
    return "%s[%d]".formatted(name, there);
  }
}
