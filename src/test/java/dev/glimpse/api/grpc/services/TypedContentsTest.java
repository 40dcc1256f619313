package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.InferRequests.input;
import static dev.glimpse.api.grpc.services.InferRequests.of;
import static dev.glimpse.api.grpc.services.InferRequests.typed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.openinference.InferRequest;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.engine.Tensor;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Elements in the field of their type. */
class TypedContentsTest {

  private static long heapBytes(MessageWriter message) {
    byte[] bytes = message.toBytes();
    return InferTarget.read(Bytes.of(bytes)).heapBytes() - bytes.length;
  }

  private static Tensor only(MessageWriter message) {
    InferRequest request = InferMessage.read(message.toBytes());
    return request.inputs().get(0).tensor();
  }

  /** What is reserved is what reading takes: integers of one byte become eight. */
  @Test
  void theMemoryOfElementsIsKnownBeforeTheyAreRead() {
    MessageWriter longs =
        of("lookup").message(5, typed(input("number", "INT64", 1000L), 3, new byte[1000]));
    assertThat(only(longs).data().array()).hasSize(8000);
    assertThat(heapBytes(longs)).isBetween(8000L, 8100L);

    MessageWriter floats =
        of("lookup").message(5, typed(input("number", "FP32", 10L, 100L), 6, new byte[4000]));
    assertThat(only(floats).data().array()).hasSize(4000);
    assertThat(heapBytes(floats)).isEqualTo(4000);

    MessageWriter strings = new MessageWriter();
    for (int i = 0; i < 500; i++) {
      strings.element(8, new byte[0]);
    }
    MessageWriter empty = of("echo").message(5, input("string", "BYTES", 500L).message(5, strings));
    assertThat(only(empty).data().array()).hasSize(2000);
    assertThat(only(empty).stringCount()).isEqualTo(500);
    assertThat(heapBytes(empty)).isEqualTo(2000);

    MessageWriter raw =
        of("lookup").message(5, input("number", "INT64", 1000L)).element(7, new byte[8000]);
    assertThat(heapBytes(raw)).isZero();
  }

  @Test
  void aShapeAloneTakesNoMemory() {
    MessageWriter much =
        of("lookup").message(5, typed(input("number", "INT64", 2_000_000_000L), 3, new byte[] {1}));
    assertThat(heapBytes(much)).isLessThan(100);
  }

  /** A message's field that comes twice is one message, as protobuf has it. */
  @Test
  void contentsInPartsBelongTogether() {
    MessageWriter input = input("number", "INT64", 3L);
    input.message(5, new MessageWriter().element(3, new byte[] {1, 2}));
    input.message(5, new MessageWriter().number(3, 7));
    ByteBuffer data = only(of("lookup").message(5, input)).elements();

    assertThat(new long[] {data.getLong(), data.getLong(), data.getLong()})
        .containsExactly(1, 2, 7);
    assertThat(heapBytes(of("lookup").message(5, input))).isBetween(24L, 40L);
  }

  @Test
  void stringsAreReadWithTheirBytes() {
    MessageWriter contents =
        new MessageWriter().element(8, new byte[] {1, 2, 3}).element(8, new byte[300]);
    Tensor tensor = only(of("echo").message(5, input("string", "BYTES", 2L).message(5, contents)));

    assertThat(tensor.strings().get(0)).containsExactly(1, 2, 3);
    assertThat(tensor.strings().get(1)).hasSize(300);
    assertThat(tensor.data().remaining()).isEqualTo(4 + 3 + 4 + 300);
  }
}
