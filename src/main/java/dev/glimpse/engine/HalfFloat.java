package dev.glimpse.engine;

/**
 * Converts IEEE 754's binary16, for which Java before 20 has no methods. A number is a short with
 * its bits: 1 for the sign, 5 for the exponent, 10 for the fraction.
 */
public final class HalfFloat {

  /** Numbers from here on are rounded to infinity: half a step above the largest one. */
  private static final float TOO_LARGE = 65520;

  /** Below this, numbers are integral multiples of the inverse of {@link #STEPS_PER_UNIT}. */
  private static final float SMALLEST_NORMAL = 0x1p-14f;

  private static final float STEPS_PER_UNIT = 0x1p24f;
  private static final int INFINITY = 0x7C00;
  private static final int NOT_A_NUMBER = 0x7E00;
  private static final int SIGN = 0x8000;
  private static final int FLOAT_FRACTION = 23;

  /** Bits by which a float's fraction is longer. */
  private static final int DROPPED_BITS = 13;

  /** Difference of the exponents' biases, at the position of a float's exponent. */
  private static final int BIAS = (127 - 15) << 23;

  private HalfFloat() {}

  /** Rounds to the nearest number, ties to the one whose last bit is 0. NaN becomes NaN. */
  public static short of(float value) {
    if (Float.isNaN(value)) {
      return (short) NOT_A_NUMBER;
    }
    int bits = Float.floatToRawIntBits(value);
    float magnitude = Math.abs(value);
    return (short) (((bits >>> 16) & SIGN) | ofMagnitude(magnitude, bits & Integer.MAX_VALUE));
  }

  private static int ofMagnitude(float magnitude, int bits) {
    if (magnitude < SMALLEST_NORMAL) {
      return (int) Math.rint(magnitude * STEPS_PER_UNIT);
    }
    if (magnitude < TOO_LARGE) {
      int lastKept = (bits >>> DROPPED_BITS) & 1;
      int rounded = bits + (1 << (DROPPED_BITS - 1)) - 1 + lastKept;
      return (rounded - BIAS) >>> DROPPED_BITS;
    }
    return INFINITY;
  }

  /** Returns the same number as a float, without loss. */
  public static float toFloat(short half) {
    int exponent = (half & INFINITY) >>> (FLOAT_FRACTION - DROPPED_BITS);
    int fraction = half & ((1 << (FLOAT_FRACTION - DROPPED_BITS)) - 1);
    float magnitude =
        exponent == 0
            ? fraction / STEPS_PER_UNIT
            : exponent == INFINITY >>> (FLOAT_FRACTION - DROPPED_BITS)
                ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                : Float.intBitsToFloat(((half & Short.MAX_VALUE) << DROPPED_BITS) + BIAS);
    return half < 0 ? -magnitude : magnitude;
  }

  /** Returns whether a number is neither infinite nor NaN. */
  public static boolean isFinite(short half) {
    return (half & INFINITY) != INFINITY;
  }
}
