package dev.glimpse.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NativeBlocksTest {

  private static final int MB = 1 << 20;

  @Test
  void releasedBlocksAreLentAgain() {
    NativeBlocks blocks = new NativeBlocks(8 * MB);
    NativeBlock first = blocks.acquire(MB - 1000);
    assertThat(blocks.lent()).isEqualTo(MB);
    blocks.release(first);
    assertThat(blocks.lent()).isZero();
    assertThat(blocks.kept()).isEqualTo(MB);

    assertThat(blocks.acquire(MB)).isSameAs(first);
    assertThat(blocks.acquire(MB)).isNotSameAs(first);
    assertThat(blocks.kept()).isZero();
  }

  /** Many small bodies would otherwise hold many times their memory. */
  @Test
  void aBlockHasAtMostAQuarterMoreThanIsNeeded() {
    NativeBlocks blocks = new NativeBlocks(64 * MB);
    blocks.release(blocks.acquire(20 * MB));
    for (int bytes = 1 << 16; bytes < 40 * MB; bytes += 54321) {
      long before = blocks.lent();
      NativeBlock block = blocks.acquire(bytes);
      assertThat(blocks.lent() - before).isBetween((long) bytes, bytes + bytes / 4L + (1 << 16));
      blocks.release(block);
    }
  }

  @Test
  void blocksThatAreKeptMakeWayForThoseThatAreLent() {
    NativeBlocks blocks = new NativeBlocks(4 * MB);
    NativeBlock a = blocks.acquire(MB);
    NativeBlock b = blocks.acquire(2 * MB);
    blocks.release(a);
    blocks.release(b);
    assertThat(blocks.kept()).isEqualTo(3 * MB);

    NativeBlock c = blocks.acquire(4 * MB);
    assertThat(blocks.kept()).isZero();
    blocks.release(c);
    assertThat(blocks.kept()).isEqualTo(4 * MB);
    blocks.release(blocks.acquire(MB));
    assertThat(blocks.kept()).isEqualTo(MB);
  }

  @Test
  void nothingIsKeptWithoutShare() {
    NativeBlocks blocks = new NativeBlocks(0);
    blocks.release(blocks.acquire(MB));
    assertThat(blocks.kept()).isZero();
  }

  @Test
  void whatIsKeptCanBeFreed() {
    NativeBlocks blocks = new NativeBlocks(4 * MB);
    blocks.release(blocks.acquire(MB));
    blocks.freeKept();
    assertThat(blocks.kept()).isZero();
    blocks.release(blocks.acquire(MB));
    assertThat(blocks.kept()).isEqualTo(MB);
  }
}
