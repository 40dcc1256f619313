package dev.glimpse.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.bytes.NativeBlocks;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class MessageAssemblyTest {

  @Test
  void bytesThatWereNotReadAreNotReplaced() {
    MessageAssembly assembly = new MessageAssembly(new NativeBlocks(0));
    assembly.add(Buffer.buffer(new byte[] {0, 0, 0, 0, 1, 7, 0}));
    assertThat(assembly.readPrefix()).isTrue();
    assembly.begin();
    try (Bytes message = assembly.readMessage()) {
      assertThat(message.toArray()).containsExactly(7);
    }
    assertThat(assembly.isWithin()).isFalse();

    assertThatThrownBy(() -> assembly.add(Buffer.buffer(new byte[1])))
        .isInstanceOf(IllegalStateException.class);
    assertThat(assembly.readPrefix()).isFalse();
    assembly.add(Buffer.buffer(new byte[] {0, 0, 0, 0}));
    assertThat(assembly.readPrefix()).isTrue();
    assertThat(assembly.length()).isZero();
  }
}
