package dev.glimpse.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.glimpse.engine.Tensor;
import dev.glimpse.model.Model;
import dev.glimpse.preprocess.HalfFloat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer of {@code infer}, as bytes.
 *
 * @param body JSON, and after it the outputs that are wanted in binary
 * @param jsonBytes how much of it is JSON
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record InferAnswer(byte[] body, int jsonBytes) {

  /** An output, and how it is wanted. */
  record Output(Tensor tensor, boolean binary) {}

  static InferAnswer of(InferRequest request, Model model, List<Output> outputs) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<ByteBuffer> binary = new ArrayList<>();
    try (JsonGenerator json = InferBody.JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("model_name", model.name());
      json.writeStringField("model_version", Integer.toString(model.version()));
      if (request.id().isPresent()) {
        json.writeStringField("id", request.id().get());
      }
      json.writeArrayFieldStart("outputs");
      for (Output output : outputs) {
        write(json, output, binary);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int jsonBytes = bytes.size();
    binary.forEach(data -> append(bytes, data));
    return new InferAnswer(bytes.toByteArray(), jsonBytes);
  }

  /** Whether there is more than JSON. */
  boolean hasBinary() {
    return body.length > jsonBytes;
  }

  private static void append(ByteArrayOutputStream bytes, ByteBuffer data) {
    byte[] copy = new byte[data.remaining()];
    data.get(copy);
    bytes.writeBytes(copy);
  }

  private static void write(JsonGenerator json, Output output, List<ByteBuffer> binary)
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
      elements(json, tensor, type);
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void elements(JsonGenerator json, Tensor tensor, Datatype type)
      throws IOException {
    if (type == Datatype.BYTES) {
      for (byte[] string : tensor.strings()) {
        json.writeString(new String(string, StandardCharsets.UTF_8));
      }
      return;
    }
    for (ByteBuffer data = tensor.elements(); data.hasRemaining(); ) {
      switch (type) {
        case BOOL -> json.writeBoolean(data.get() != 0);
        case INT8 -> json.writeNumber((int) data.get());
        case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get()));
        case INT16 -> json.writeNumber((int) data.getShort());
        case UINT16 -> json.writeNumber(Short.toUnsignedInt(data.getShort()));
        case INT32 -> json.writeNumber(data.getInt());
        case UINT32 -> json.writeNumber(Integer.toUnsignedLong(data.getInt()));
        case INT64 -> json.writeNumber(data.getLong());
        case UINT64 -> json.writeNumber(Long.toUnsignedString(data.getLong()));
        case FP16 -> json.writeNumber(HalfFloat.toFloat(data.getShort()));
        case BF16 -> json.writeNumber(Float.intBitsToFloat(data.getShort() << 16));
        case FP32 -> json.writeNumber(data.getFloat());
        case FP64 -> json.writeNumber(data.getDouble());
        case BYTES -> throw new IllegalStateException();
      }
    }
  }
}
