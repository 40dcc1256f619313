package dev.glimpse.api.tensorjson;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.glimpse.engine.HalfFloat;
import dev.glimpse.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/** Writes a tensor's elements as JSON, one after the other. */
public final class TensorWriter {

  private final JsonGenerator json;
  private final Datatype type;
  private final ByteBuffer data;
  private final Iterator<byte[]> strings;

  public TensorWriter(JsonGenerator json, Tensor tensor) {
    this.json = json;
    this.type = Datatype.ofOnnx(tensor.spec().type()).orElseThrow();
    this.data = tensor.elements();
    this.strings = (type == Datatype.BYTES ? tensor.strings() : List.<byte[]>of()).iterator();
  }

  /** Writes all that are left, flat. */
  public void rest() throws IOException {
    while (type == Datatype.BYTES ? strings.hasNext() : data.hasRemaining()) {
      next();
    }
  }

  /** Writes as many as the shape has, nested as the shape is. */
  public void nested(List<Long> shape) throws IOException {
    if (shape.isEmpty()) {
      next();
      return;
    }
    json.writeStartArray();
    for (long i = 0; i < shape.get(0); i++) {
      nested(shape.subList(1, shape.size()));
    }
    json.writeEndArray();
  }

  private void next() throws IOException {
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
      case BF16 -> json.writeNumber(Float.intBitsToFloat(data.getShort() << Short.SIZE));
      case FP32 -> json.writeNumber(data.getFloat());
      case FP64 -> json.writeNumber(data.getDouble());
      case BYTES -> json.writeString(new String(strings.next(), StandardCharsets.UTF_8));
    }
  }
}
