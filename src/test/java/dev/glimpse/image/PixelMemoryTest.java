package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.bytes.NativeBlock;
import org.junit.jupiter.api.Test;

class PixelMemoryTest {

  private static final int LARGE = 1 << 20;

  @Test
  void lendsReleasedBlocksAgain() {
    try (PixelMemory memory = new PixelMemory(4 * LARGE)) {
      NativeBlock first = memory.acquire(LARGE);
      memory.release(first);

      assertThat(memory.kept()).isEqualTo(LARGE);
      assertThat(memory.acquire(LARGE - 1)).isSameAs(first);
      assertThat(memory.kept()).isZero();
    }
  }

  @Test
  void lendsTheSmallestBlockThatFits() {
    try (PixelMemory memory = new PixelMemory(4 * LARGE)) {
      NativeBlock large = memory.acquire(2 * LARGE);
      NativeBlock small = memory.acquire(LARGE);
      memory.release(large);
      memory.release(small);

      assertThat(memory.acquire(1000)).isSameAs(small);
      assertThat(memory.acquire(1000)).isSameAs(large);
    }
  }

  @Test
  void neverLendsABlockTwice() {
    try (PixelMemory memory = new PixelMemory(4 * LARGE)) {
      assertThat(memory.acquire(LARGE)).isNotSameAs(memory.acquire(LARGE));
    }
  }

  @Test
  void keepsNoMoreThanTheLimit() {
    try (PixelMemory memory = new PixelMemory(LARGE)) {
      NativeBlock first = memory.acquire(LARGE);
      NativeBlock second = memory.acquire(LARGE);
      memory.release(first);
      memory.release(second);

      assertThat(memory.kept()).isEqualTo(LARGE);
    }
  }

  @Test
  void replacesASmallBlockByALargerOne() {
    try (PixelMemory memory = new PixelMemory(16 * LARGE)) {
      for (int size = LARGE; size <= 8 * LARGE; size += LARGE) {
        memory.release(memory.acquire(size));
        assertThat(memory.kept()).isEqualTo(size);
      }
    }
  }

  @Test
  void countsWhatItHasLent() {
    try (PixelMemory memory = new PixelMemory(4 * LARGE)) {
      NativeBlock first = memory.acquire(LARGE);
      NativeBlock second = memory.acquire(2 * LARGE);
      assertThat(memory.lent()).isEqualTo(3 * LARGE);
      memory.release(second);
      assertThat(memory.lent()).isEqualTo(LARGE);
      NativeBlock again = memory.acquire(1);
      assertThat(memory.lent()).isEqualTo(3 * LARGE);
      memory.release(again);
      memory.release(first);
      assertThat(memory.lent()).isZero();
    }
  }

  @Test
  void keepsNothingOnceClosed() {
    PixelMemory memory = new PixelMemory(LARGE);
    memory.release(memory.acquire(LARGE));
    memory.close();
    memory.close();

    assertThat(memory.kept()).isZero();
  }
}
