package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxConstantTest {

  private static final int FLOAT = 1;
  private static final int INT8 = 3;
  private static final int FLOATS = 4;
  private static final int INTEGERS = 5;
  private static final int LONGS = 7;
  private static final int RAW = 9;
  private static final int DOUBLES = 10;

  /** Writes part of a message. */
  private interface Part {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Part part) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    part.to(out);
    out.flush();
    return bytes.toByteArray();
  }

  /** A tensor of ones, whose fields have the order of their numbers, as protobuf writes them. */
  private static byte[] tensor(String name, int field, int count) throws IOException {
    byte[] numbers = field == RAW ? floats(count) : message(out -> ones(out, field, count));
    return tensor(name, FLOAT, field, numbers, count);
  }

  private static byte[] tensor(String name, int type, int field, byte[] numbers, int count)
      throws IOException {
    return message(out -> {
      out.writeInt64(1, count);
      out.writeInt32(2, type);
      if (field < 8) {
        out.writeByteArray(field, numbers);
      }
      out.writeString(8, name);
      if (field > 8) {
        out.writeByteArray(field, numbers);
      }
    });
  }

  private static void ones(CodedOutputStream out, int field, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      switch (field) {
        case FLOATS -> out.writeFloatNoTag(1);
        case DOUBLES -> out.writeDoubleNoTag(1);
        default -> out.writeInt64NoTag(1);
      }
    }
  }

  private static byte[] floats(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(1);
    }
    return bytes.array();
  }

  private static OnnxConstant read(byte[] tensor, OnnxConstant.Wanted wanted) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArrayNoTag(tensor);
    out.flush();
    try (OnnxReader in = OnnxReader.of(new ByteArrayInputStream(bytes.toByteArray()))) {
      return OnnxConstant.read(
          in,
          wanted,
          (location, offset, length) -> {
            throw new IOException("nothing is external");
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {FLOATS, INTEGERS, LONGS, RAW, DOUBLES})
  void readsEachFieldUpToItsBound(int field) throws IOException {
    byte[] tensor = tensor("w", field, 100);
    int bytes = field == DOUBLES ? 800 : 400; // in the file, or on the heap

    OnnxConstant known = read(tensor, new OnnxConstant.Wanted("w"::equals, bytes));
    assertThat(known.name()).isEqualTo("w");
    assertThat(known.dims()).containsExactly(100L);
    assertThat(known.values()).hasSize(100).containsOnly(1f);
    assertThat(read(tensor, new OnnxConstant.Wanted("w"::equals, bytes - 1)).values()).isNull();
    assertThat(read(tensor, new OnnxConstant.Wanted("x"::equals, bytes)).values()).isNull();
  }

  /** A byte of the file is four on the heap. */
  @Test
  void narrowIntegersAreBoundedByWhatTheyTakeOnTheHeap() throws IOException {
    byte[] ones = new byte[100];
    Arrays.fill(ones, (byte) 1);
    byte[] tensor = tensor("w", INT8, RAW, ones, 100);

    assertThat(read(tensor, new OnnxConstant.Wanted("w"::equals, 399)).values()).isNull();
    assertThat(read(tensor, new OnnxConstant.Wanted("w"::equals, 400)).values()).hasSize(100);
  }

  /** Weights in typed fields wait until they are asked for, as those in raw bytes do. */
  @ParameterizedTest
  @ValueSource(ints = {FLOATS, RAW})
  void largeOnesOfAGraphAreReadWhenTheyAreAskedFor(int field, @TempDir Path folder)
      throws IOException {
    byte[] small = tensor("small", field, 4);
    byte[] large = tensor("large", field, 20_000);
    Path file = folder.resolve("model.onnx");
    Files.write(
        file,
        message(model ->
            model.writeByteArray(
                7,
                message(graph -> {
                  graph.writeByteArray(5, large);
                  graph.writeByteArray(5, small);
                }))));
    GraphNodes graph = GraphNodes.read(file);

    assertThat(graph.isConstant("large")).isTrue();
    assertThat(graph.constant("small").orElseThrow().values()).hasSize(4);
    assertThat(graph.constant("large").orElseThrow().values()).hasSize(20_000).containsOnly(1f);
  }

  /** Such a node is of no use, but ONNX Runtime may be content with it. */
  @Test
  void aConstantWithoutAnOutputIsLeftOut(@TempDir Path folder) throws IOException {
    byte[] value =
        message(attribute -> {
          attribute.writeString(1, "value");
          attribute.writeByteArray(5, tensor("", FLOATS, 1));
        });
    Path file = folder.resolve("model.onnx");
    Files.write(
        file,
        message(model ->
            model.writeByteArray(
                7,
                message(graph ->
                    graph.writeByteArray(
                        1,
                        message(node -> {
                          node.writeString(4, "Constant");
                          node.writeByteArray(5, value);
                        }))))));

    assertThat(ClassifierHead.of(file, "scores").tensors()).isEmpty();
    assertThat(GraphNodes.read(file).producer("")).isEqualTo(Optional.empty());
  }
}
