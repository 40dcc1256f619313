package dev.glimpse.api.tensorjson;

import dev.glimpse.engine.Tensor;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Maps the protocol's names of element types to ONNX's. */
@Schema(description = "The type of a tensor's elements")
public enum Datatype {
  BOOL("bool", 1),
  UINT8("uint8", 1),
  UINT16("uint16", 2),
  UINT32("uint32", 4),
  UINT64("uint64", 8),
  INT8("int8", 1),
  INT16("int16", 2),
  INT32("int32", 4),
  INT64("int64", 8),
  FP16("float16", 2),
  BF16("bfloat16", 2),
  FP32("float", 4),
  FP64("double", 8),
  BYTES(Tensor.STRING, Integer.BYTES);

  private final String onnx;
  private final int leastBytes;

  Datatype(String onnx, int leastBytes) {
    this.onnx = onnx;
    this.leastBytes = leastBytes;
  }

  /** Returns ONNX's name of the type. */
  public String onnx() {
    return onnx;
  }

  /** Returns an element's size in bytes; of {@link #BYTES}, whose sizes vary, the least. */
  public int leastBytes() {
    return leastBytes;
  }

  /** Finds a type by the protocol's name. */
  public static Optional<Datatype> named(String name) {
    return Stream.of(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** Finds a type by ONNX's name. */
  public static Optional<Datatype> ofOnnx(String name) {
    return Stream.of(values()).filter(type -> type.onnx.equals(name)).findFirst();
  }
}
