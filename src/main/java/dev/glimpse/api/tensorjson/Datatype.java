package dev.glimpse.api.tensorjson;

import dev.glimpse.engine.Tensor;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The protocol's names of the types of elements, and ONNX's. */
@Schema(description = "A type of elements")
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

  /** The type in ONNX's words. */
  public String onnx() {
    return onnx;
  }

  /** How many bytes an element takes at least, and, but for {@link #BYTES}, at most. */
  public int leastBytes() {
    return leastBytes;
  }

  /** By its own name. */
  public static Optional<Datatype> named(String name) {
    return Stream.of(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** By ONNX's name. */
  public static Optional<Datatype> ofOnnx(String name) {
    return Stream.of(values()).filter(type -> type.onnx.equals(name)).findFirst();
  }
}
