package dev.glimpse.api.tensorjson;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import dev.glimpse.engine.HalfFloat;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads a tensor's elements out of JSON, flat or nested as its shape is, each number straight into
 * the tensor's bytes.
 */
public final class TensorReader {

  /** A number and its comma. */
  private static final int LEAST_JSON_BYTES = 2;

  private final String field;
  private final TensorSpec spec;
  private final Datatype type;
  private final ByteBuffer data;
  private final StringElements strings = new StringElements();
  private final long expected;
  private long count;

  /**
   * Elements of one tensor.
   *
   * @param field where in the body they are, for messages
   * @param spec of the tensor; its shape is only a claim as yet
   * @param jsonBytes how much JSON there is at most, which bounds how many elements there can be
   */
  public TensorReader(String field, TensorSpec spec, Datatype type, int jsonBytes) {
    this.field = field;
    this.spec = spec;
    this.type = type;
    this.expected = expected(spec, jsonBytes / LEAST_JSON_BYTES + 1L);
    this.data =
        ByteBuffer.allocate(
                type == Datatype.BYTES ? 0 : Math.toIntExact(expected * type.leastBytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long expected(TensorSpec spec, long most) {
    long product = 1;
    for (long dimension : spec.shape()) {
      product = Math.min(product * Math.min(Math.max(dimension, 0), most), most);
    }
    return product;
  }

  /**
   * Reads the array that the parser has just begun.
   *
   * @throws ServingException INVALID_PARAMETER if it is not of the tensor's type and shape
   */
  public Tensor read(JsonParser json) throws IOException {
    try {
      if (json.currentToken() == JsonToken.START_ARRAY) {
        array(json, 0);
      } else {
        element(json); // a tensor without dimensions
      }
    } catch (InputCoercionException e) {
      throw outOfRange();
    }
    if (count != expected) {
      throw wrong("holds %d elements, and %s has another number of them".formatted(count, spec));
    }
    return type == Datatype.BYTES
        ? new Tensor(new TensorSpec(spec.name(), Tensor.STRING, spec.shape()), strings.data())
        : new Tensor(spec, data.flip());
  }

  private void array(JsonParser json, int depth) throws IOException {
    long length = 0;
    boolean nested = depth > 0;
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (token == JsonToken.START_ARRAY) {
        nested = true;
        array(json, depth + 1);
      } else if (nested && depth != spec.rank() - 1) {
        throw notNestedSo();
      } else {
        element(json);
      }
      length++;
    }
    if (nested && (depth >= spec.rank() || spec.dimension(depth) != length)) {
      throw notNestedSo();
    }
  }

  private void element(JsonParser json) throws IOException {
    if (++count > expected) {
      throw wrong("holds more elements than %s has".formatted(spec));
    }
    switch (type) {
      case BOOL -> data.put(bool(json));
      case INT8, UINT8 -> data.put((byte) whole(json));
      case INT16, UINT16 -> data.putShort((short) whole(json));
      case INT32, UINT32 -> data.putInt((int) whole(json));
      case INT64, UINT64 -> data.putLong(whole(json));
      case FP16 -> data.putShort(HalfFloat.of((float) real(json)));
      case FP32 -> data.putFloat(single(json));
      case FP64 -> data.putDouble(real(json));
      case BYTES -> strings.add(text(json).getBytes(StandardCharsets.UTF_8));
      case BF16 -> throw wrong("is BF16, which is sent in binary only");
    }
  }

  private byte bool(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> 1;
      case VALUE_FALSE -> 0;
      case VALUE_NUMBER_INT -> {
        long value = json.getLongValue();
        if (value != 0 && value != 1) {
          throw wrongElement("true or false");
        }
        yield (byte) value;
      }
      default -> throw wrongElement("true or false");
    };
  }

  private long whole(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw wrongElement("whole numbers");
    }
    long value = json.getLongValue();
    int bits = type.leastBytes() * Byte.SIZE;
    boolean unsigned = type.name().startsWith("U");
    if (unsigned && value < 0) {
      throw outOfRange();
    }
    if (bits < Long.SIZE) {
      long limit = 1L << (unsigned ? bits : bits - 1);
      if (value >= limit || value < -limit) {
        throw outOfRange();
      }
    }
    return value;
  }

  private float single(JsonParser json) throws IOException {
    return json.currentToken().isNumeric() ? json.getFloatValue() : (float) real(json);
  }

  /** Also NaN and the infinities, which some write as numbers and JSON knows as strings only. */
  private double real(JsonParser json) throws IOException {
    if (json.currentToken().isNumeric()) {
      return json.getDoubleValue();
    }
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      switch (json.getText()) {
        case "NaN" -> {
          return Double.NaN;
        }
        case "Infinity" -> {
          return Double.POSITIVE_INFINITY;
        }
        case "-Infinity" -> {
          return Double.NEGATIVE_INFINITY;
        }
        default -> throw wrongElement("numbers");
      }
    }
    throw wrongElement("numbers");
  }

  private String text(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw wrongElement("strings");
    }
    return json.getText();
  }

  private ServingException wrongElement(String what) {
    return wrong("must be %s, as \"%s\" is %s".formatted(what, spec.name(), type));
  }

  private ServingException outOfRange() {
    return wrong(
        "holds a number that %s cannot hold, and \"%s\" is of that".formatted(type, spec.name()));
  }

  private ServingException notNestedSo() {
    return wrong("is not nested as the shape of \"%s\" is".formatted(spec.name()));
  }

  private ServingException wrong(String what) {
    return ServingException.invalid(field, what);
  }
}
