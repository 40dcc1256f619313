package dev.glimpse.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes small ONNX graphs that ONNX Runtime can run. */
public final class TestGraph {

  /** Stands for an open dimension. */
  public static final int OPEN = -1;

  private final OnnxBytes graph = new OnnxBytes().text(2, "test");
  private final OnnxBytes opsets = new OnnxBytes();
  private int irVersion = 8;

  /** Lists types of elements, with their numbers in ONNX. */
  public enum Type {
    FLOAT(1),
    UINT8(2),
    INT8(3),
    INT64(7),
    STRING(8),
    FLOAT16(10),
    DOUBLE(11);

    private final int number;

    Type(int number) {
      this.number = number;
    }
  }

  /** Creates an empty graph of opset 17, which may use the operators of com.microsoft, too. */
  public TestGraph() {
    opset("", 17).opset("com.microsoft", 1).opset("ai.onnx.ml", 3);
  }

  public TestGraph irVersion(int version) {
    irVersion = version;
    return this;
  }

  public TestGraph opset(String domain, int version) {
    opsets.message(8, new OnnxBytes().text(1, domain).number(2, version));
    return this;
  }

  public TestGraph input(String name, Type type, int... shape) {
    graph.message(11, value(name, tensor(type, shape)));
    return this;
  }

  public TestGraph output(String name, Type type, int... shape) {
    graph.message(12, value(name, tensor(type, shape)));
    return this;
  }

  /** Adds an output that is a sequence of maps from keys of this type to floats. */
  public TestGraph outputOfMaps(String name, Type key) {
    OnnxBytes map = new OnnxBytes().number(1, key.number).message(2, tensor(Type.FLOAT));
    OnnxBytes sequence = new OnnxBytes().message(1, new OnnxBytes().message(5, map));
    graph.message(12, value(name, new OnnxBytes().message(4, sequence)));
    return this;
  }

  private static OnnxBytes value(String name, OnnxBytes type) {
    return new OnnxBytes().text(1, name).message(2, type);
  }

  private static OnnxBytes tensor(Type type, int... shape) {
    OnnxBytes dimensions = new OnnxBytes();
    for (int dimension : shape) {
      OnnxBytes one = new OnnxBytes();
      dimensions.message(1, dimension == OPEN ? one.text(2, "open") : one.number(1, dimension));
    }
    return new OnnxBytes()
        .message(1, new OnnxBytes().number(1, type.number).message(2, dimensions));
  }

  public TestGraph node(String type, List<String> inputs, String output, OnnxBytes... attributes) {
    return node(type, "", inputs, output, attributes);
  }

  public TestGraph node(
      String type, String domain, List<String> inputs, String output, OnnxBytes... attributes) {
    OnnxBytes node = new OnnxBytes();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, output).text(4, type);
    for (OnnxBytes attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node.text(7, domain));
    return this;
  }

  public static OnnxBytes attribute(String name, int value) {
    return new OnnxBytes().text(1, name).number(3, value).number(20, 2);
  }

  public static OnnxBytes attribute(String name, String value) {
    return new OnnxBytes()
        .text(1, name)
        .bytes(4, value.getBytes(StandardCharsets.UTF_8))
        .number(20, 3);
  }

  public static OnnxBytes attribute(String name, List<?> values) {
    OnnxBytes attribute = new OnnxBytes().text(1, name);
    boolean texts = values.get(0) instanceof String;
    for (Object value : values) {
      if (value instanceof String text) {
        attribute.bytes(9, text.getBytes(StandardCharsets.UTF_8));
      } else {
        attribute.number(8, (Integer) value);
      }
    }
    return attribute.number(20, texts ? 8 : 7);
  }

  public TestGraph floats(String name, int[] shape, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return weights(name, Type.FLOAT, shape, bytes.array());
  }

  public TestGraph longs(String name, int[] shape, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    return weights(name, Type.INT64, shape, bytes.array());
  }

  /** Adds weights of one byte each. */
  public TestGraph bytes(String name, Type type, int[] shape, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return weights(name, type, shape, bytes);
  }

  private TestGraph weights(String name, Type type, int[] shape, byte[] raw) {
    OnnxBytes tensor = new OnnxBytes();
    for (int dimension : shape) {
      tensor.number(1, dimension);
    }
    graph.message(5, tensor.number(2, type.number).text(8, name).bytes(9, raw));
    return this;
  }

  /** Adds weights that are in another file. */
  public TestGraph external(String name, String location, int... shape) {
    return external(name, OnnxBytes.external(location), shape);
  }

  /** Adds a matrix whose numbers begin at an offset of another file. */
  TestGraph externalMatrix(String name, String location, long offset, int rows, int columns) {
    long length = (long) rows * columns * Float.BYTES;
    return external(name, OnnxBytes.external(location, offset, length), rows, columns);
  }

  private TestGraph external(String name, OnnxBytes tensor, int... shape) {
    for (int dimension : shape) {
      tensor.number(1, dimension);
    }
    graph.message(5, tensor.number(2, Type.FLOAT.number).text(8, name));
    return this;
  }

  public byte[] bytes() {
    return new OnnxBytes().number(1, irVersion).message(7, graph).append(opsets).bytes();
  }

  /** Writes the graph into a file and returns it. */
  public Path write(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
