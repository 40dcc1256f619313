package dev.glimpse.api.openinference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.api.openinference.InferRequest.Input;
import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.api.tensorjson.TensorJson;
import dev.glimpse.api.tensorjson.TensorReader;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a tensor from a body; its elements are in the JSON, or in binary after it. */
final class InputBody {

  private final String field;
  private final byte[] body;
  private final int jsonBytes;
  private final ByteBuffer binary;
  private @Nullable String name;
  private @Nullable Datatype datatype;
  private @Nullable List<Long> shape;
  private @Nullable Integer binarySize;
  private @Nullable Tensor tensor;

  /** Where the elements begin and end in the body, if they precede the name, type or shape. */
  private int dataBegin = -1;

  private int dataEnd;

  /**
   * Prepares to read a tensor.
   *
   * @param field where in the body it is, for messages
   * @param binary the binary data that no tensor has taken yet
   */
  InputBody(String field, byte[] body, int jsonBytes, ByteBuffer binary) {
    this.field = field;
    this.body = body;
    this.jsonBytes = jsonBytes;
    this.binary = binary;
  }

  Input read(JsonParser json) throws IOException {
    JsonFields.each(json, field, this::field);
    TensorSpec spec = spec();
    if (dataBegin >= 0) {
      try (JsonParser data =
          TensorJson.FACTORY.createParser(body, dataBegin, dataEnd - dataBegin)) {
        data.nextToken();
        tensor = elements(spec).read(data);
      }
    }
    Integer size = binarySize;
    if ((size == null) == (tensor == null)) {
      throw invalid("data", "or parameters.binary_data_size must be there, and not both");
    }
    return size == null
        ? new Input(require(tensor, "data"), true)
        : new Input(sliced(spec, size), false);
  }

  private void field(JsonParser json, String key) throws IOException {
    switch (key) {
      case "name" -> name = JsonFields.text(json, field + ".name");
      case "datatype" -> {
        String given = JsonFields.text(json, field + ".datatype");
        datatype =
            Datatype.named(given)
                .orElseThrow(
                    () -> invalid("datatype", "must be one of " + List.of(Datatype.values())));
      }
      case "shape" -> shape = JsonFields.shape(json, field + ".shape");
      case "parameters" ->
          JsonFields.each(
              json,
              field + ".parameters",
              (value, parameter) -> {
                if (parameter.equals("binary_data_size")) {
                  binarySize = JsonFields.count(value, field + ".parameters.binary_data_size");
                } else {
                  JsonFields.skip(value);
                }
              });
      case "data" -> data(json);
      default -> JsonFields.skip(json);
    }
  }

  private void data(JsonParser json) throws IOException {
    if (name != null && datatype != null && shape != null) {
      tensor = elements(spec()).read(json);
      return;
    }
    dataBegin = (int) json.currentTokenLocation().getByteOffset();
    if (json.currentToken() == JsonToken.START_ARRAY) {
      JsonFields.skip(json);
    } else {
      json.finishToken();
    }
    dataEnd = (int) json.currentLocation().getByteOffset();
  }

  private TensorSpec spec() {
    return new TensorSpec(
        require(name, "name"), require(datatype, "datatype").onnx(), require(shape, "shape"));
  }

  private TensorReader elements(TensorSpec spec) {
    return new TensorReader(field + ".data", spec, require(datatype, "datatype"), jsonBytes);
  }

  private Tensor sliced(TensorSpec spec, int size) {
    if (size > binary.remaining()) {
      throw invalid(
          "parameters.binary_data_size",
          "is %d, and of the body only %d bytes are left".formatted(size, binary.remaining()));
    }
    ByteBuffer own = binary.slice(binary.position(), size);
    binary.position(binary.position() + size);
    return new Tensor(spec, own);
  }

  private <T> T require(@Nullable T value, String key) {
    if (value == null) {
      throw invalid(key, "must be there");
    }
    return value;
  }

  private ServingException invalid(String key, String what) {
    return ServingException.invalid(field + "." + key, what);
  }
}
