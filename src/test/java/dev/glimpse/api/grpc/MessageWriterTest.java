package dev.glimpse.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageWriterTest {

  /** Nested messages with short and long values are as protobuf's own writer makes them. */
  @Test
  void writesAsProtobufDoes() throws Exception {
    byte[] large = new byte[70_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) i;
    }
    MessageWriter inner =
        new MessageWriter().text(1, "é".repeat(40)).element(2, large).bool(3, true);
    MessageWriter outer =
        new MessageWriter()
            .number(1, -1)
            .message(2, inner)
            .element(3, ByteBuffer.wrap(large, 10, 600))
            .numbers(4, List.of(0L, 127L, 128L, Long.MIN_VALUE))
            .message(5, new MessageWriter())
            .text(6, "");

    assertThat(outer.toBytes()).isEqualTo(expected(large));
    assertThat(outer.framed()).hasSize(5 + expected(large).length).startsWith((byte) 0);
    assertThat(ByteBuffer.wrap(outer.framed()).getInt(1)).isEqualTo(expected(large).length);
  }

  private static byte[] expected(byte[] large) throws Exception {
    ByteArrayOutputStream innerBytes = new ByteArrayOutputStream();
    CodedOutputStream inner = CodedOutputStream.newInstance(innerBytes);
    inner.writeString(1, "é".repeat(40));
    inner.writeByteArray(2, large);
    inner.writeBool(3, true);
    inner.flush();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeInt64(1, -1);
    out.writeByteArray(2, innerBytes.toByteArray());
    out.writeByteArray(3, large, 10, 600);
    out.writeTag(4, 2);
    out.writeUInt32NoTag(1 + 1 + 2 + 10);
    for (long number : new long[] {0, 127, 128, Long.MIN_VALUE}) {
      out.writeUInt64NoTag(number);
    }
    out.writeByteArray(5, new byte[0]);
    out.flush();
    return bytes.toByteArray();
  }

  @Test
  void largeValuesAreCopiedOnceTheMessageIsComplete() {
    byte[] large = new byte[4096];
    MessageWriter writer = new MessageWriter().message(1, new MessageWriter().element(1, large));
    large[4095] = 7; // which shows, as it has not been copied yet
    assertThat(writer.toBytes()).endsWith((byte) 7);
  }

  @Test
  void choicesOfZeroAreWritten() throws Exception {
    byte[] bytes = new MessageWriter().number(1, 0).choice(9, 0).toBytes();
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    assertThat(in.readTag()).isEqualTo(9 << 3);
    assertThat(in.readUInt64()).isZero();
    assertThat(in.isAtEnd()).isTrue();
  }
}
