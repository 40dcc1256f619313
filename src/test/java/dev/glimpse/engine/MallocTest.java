package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import dev.glimpse.support.ResidentMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class MallocTest {

  private static final int PIECE = 64 << 10; // too small to be mapped, and so returned, by itself
  private static final int PIECES = 2000;

  @Test
  void returnsFreedMemoryToTheSystem() throws IOException {
    Assumptions.assumeTrue(isGlibc(), "not glibc");
    List<Memory> pieces = new ArrayList<>();
    for (int i = 0; i < PIECES; i++) {
      Memory piece = new Memory(PIECE);
      piece.clear();
      pieces.add(piece);
    }
    Memory last = new Memory(PIECE); // keeps the end of the heap in use
    last.clear();
    pieces.forEach(Memory::close);
    long before = ResidentMemory.mebibytes(ProcessHandle.current().pid());

    assertThat(Malloc.trim()).isTrue();
    assertThat(before - ResidentMemory.mebibytes(ProcessHandle.current().pid()))
        .isGreaterThan(60); // of 125
    last.close();
  }

  private static boolean isGlibc() {
    try {
      return NativeLibrary.getProcess().getFunction("gnu_get_libc_version") != null;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }
}
