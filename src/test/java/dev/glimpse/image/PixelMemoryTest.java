package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.PixelMemory.Block;
import org.junit.jupiter.api.Test;

class PixelMemoryTest {

  private static final int LARGE = 1 << 20;

  @Test
  void givesOutAgainWhatCameBack() {
    try (PixelMemory memory = new PixelMemory(4 * LARGE)) {
      Block first = memory.take(LARGE);
      memory.giveBack(first);

      assertThat(memory.kept()).isEqualTo(LARGE);
      assertThat(memory.take(LARGE - 1)).isSameAs(first);
      assertThat(memory.kept()).isZero();
    }
  }

  @Test
  void givesTheSmallestBlockThatWillDo() {
    try (PixelMemory memory = new PixelMemory(4 * LARGE)) {
      Block large = memory.take(2 * LARGE);
      Block small = memory.take(LARGE);
      memory.giveBack(large);
      memory.giveBack(small);

      assertThat(memory.take(1000)).isSameAs(small);
      assertThat(memory.take(1000)).isSameAs(large);
    }
  }

  @Test
  void givesNobodyWhatSomebodyHolds() {
    try (PixelMemory memory = new PixelMemory(4 * LARGE)) {
      assertThat(memory.take(LARGE)).isNotSameAs(memory.take(LARGE));
    }
  }

  @Test
  void keepsNoMoreThanItMay() {
    try (PixelMemory memory = new PixelMemory(LARGE)) {
      Block first = memory.take(LARGE);
      Block second = memory.take(LARGE);
      memory.giveBack(first);
      memory.giveBack(second);

      assertThat(memory.kept()).isEqualTo(LARGE);
    }
  }

  @Test
  void letsALargerBlockTakeTheSmallOnesPlace() {
    try (PixelMemory memory = new PixelMemory(16 * LARGE)) {
      for (int size = LARGE; size <= 8 * LARGE; size += LARGE) {
        memory.giveBack(memory.take(size));
        assertThat(memory.kept()).isEqualTo(size);
      }
    }
  }

  @Test
  void knowsWhatItHasGivenOut() {
    try (PixelMemory memory = new PixelMemory(4 * LARGE)) {
      Block first = memory.take(LARGE);
      Block second = memory.take(2 * LARGE);
      assertThat(memory.lent()).isEqualTo(3 * LARGE);
      memory.giveBack(second);
      assertThat(memory.lent()).isEqualTo(LARGE);
      Block again = memory.take(1);
      assertThat(memory.lent()).isEqualTo(3 * LARGE);
      memory.giveBack(again);
      memory.giveBack(first);
      assertThat(memory.lent()).isZero();
    }
  }

  @Test
  void keepsNothingOnceClosed() {
    PixelMemory memory = new PixelMemory(LARGE);
    memory.giveBack(memory.take(LARGE));
    memory.close();
    memory.close();

    assertThat(memory.kept()).isZero();
  }
}
