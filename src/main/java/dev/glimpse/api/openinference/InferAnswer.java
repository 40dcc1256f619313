package dev.glimpse.api.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.api.tensorjson.TensorJson;
import dev.glimpse.api.tensorjson.TensorWriter;
import dev.glimpse.engine.Tensor;
import dev.glimpse.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a response of {@code infer}, as bytes.
 *
 * @param body JSON, and after it the outputs that are requested in binary
 * @param jsonBytes how much of it is JSON
 * @param hasBinary whether an output is in binary, even if it is empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record InferAnswer(byte[] body, int jsonBytes, boolean hasBinary) {

  static InferAnswer of(InferRequest request, Model model, List<InferOutput> outputs) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<ByteBuffer> binary = new ArrayList<>();
    try (JsonGenerator json = TensorJson.FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("model_name", model.name());
      json.writeStringField("model_version", Integer.toString(model.version()));
      if (request.id().isPresent()) {
        json.writeStringField("id", request.id().get());
      }
      json.writeArrayFieldStart("outputs");
      for (InferOutput output : outputs) {
        write(json, output, binary);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int jsonBytes = bytes.size();
    binary.forEach(data -> append(bytes, data));
    return new InferAnswer(bytes.toByteArray(), jsonBytes, !binary.isEmpty());
  }

  private static void append(ByteArrayOutputStream bytes, ByteBuffer data) {
    byte[] copy = new byte[data.remaining()];
    data.get(copy);
    bytes.writeBytes(copy);
  }

  private static void write(JsonGenerator json, InferOutput output, List<ByteBuffer> binary)
      throws IOException {
    Tensor tensor = output.tensor();
    Datatype type = Datatype.ofOnnx(tensor.spec().type()).orElseThrow();
    json.writeStartObject();
    json.writeStringField("name", tensor.spec().name());
    json.writeStringField("datatype", type.name());
    json.writeArrayFieldStart("shape");
    for (long dimension : tensor.spec().shape()) {
      json.writeNumber(dimension);
    }
    json.writeEndArray();
    if (output.binary()) {
      binary.add(tensor.elements());
      json.writeObjectFieldStart("parameters");
      json.writeNumberField("binary_data_size", tensor.data().remaining());
      json.writeEndObject();
    } else {
      json.writeArrayFieldStart("data");
      new TensorWriter(json, tensor).rest();
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
