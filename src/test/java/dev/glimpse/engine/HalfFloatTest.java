package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatTest {

  private static final int INFINITY = 0x7C00;

  /** Checks every finite number, its neighbour, and values between them. */
  @Test
  void roundsToNearestTiesToEven() {
    for (int half = 0; half < INFINITY; half++) {
      float value = valueOf(half);
      float next = valueOf(half + 1);
      float middle = (value + next) / 2; // exact: a float has bits to spare
      int even = half + (half & 1);
      assertThat(of(value)).isEqualTo(half);
      assertThat(of(Math.nextDown(middle))).as("below the middle of %s", half).isEqualTo(half);
      assertThat(of(middle)).as("the middle of %s", half).isEqualTo(even);
      assertThat(of(Math.nextUp(middle))).as("above the middle of %s", half).isEqualTo(half + 1);
      assertThat(of(-middle)).isEqualTo(0x8000 | even);
    }
  }

  @Test
  void roundsTooLargeNumbersToInfinity() {
    assertThat(of(65504)).isEqualTo(0x7BFF);
    assertThat(of(1e9f)).isEqualTo(INFINITY);
    assertThat(of(Float.NEGATIVE_INFINITY)).isEqualTo(0x8000 | INFINITY);
    assertThat(HalfFloat.isFinite(HalfFloat.of(-65504))).isTrue();
    assertThat(HalfFloat.isFinite(HalfFloat.of(-65520))).isFalse();
  }

  @Test
  void everyNumberIsReadWithoutLoss() {
    for (int half = 0; half < INFINITY; half++) {
      assertThat(HalfFloat.toFloat((short) half)).isEqualTo(valueOf(half));
      assertThat(HalfFloat.toFloat((short) (0x8000 | half))).isEqualTo(-valueOf(half));
    }
    assertThat(HalfFloat.toFloat((short) INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(HalfFloat.toFloat((short) (0x8000 | INFINITY))).isEqualTo(Float.NEGATIVE_INFINITY);
    for (int half = INFINITY + 1; half <= Short.MAX_VALUE; half++) {
      assertThat(HalfFloat.toFloat((short) half)).isNaN();
    }
  }

  private static int of(float value) {
    return HalfFloat.of(value) & 0xFFFF;
  }

  /** Decodes by the definition; infinity counts as the next number, 65536. */
  private static float valueOf(int half) {
    int exponent = half >> 10;
    int fraction = half & 0x3FF;
    return exponent == 0
        ? fraction * 0x1p-24f
        : (float) Math.scalb(1 + fraction / 1024.0, exponent - 15);
  }
}
