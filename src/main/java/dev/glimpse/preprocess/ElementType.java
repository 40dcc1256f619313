package dev.glimpse.preprocess;

/** What a tensor's elements are. */
public enum ElementType {
  FLOAT32(Float.BYTES) {
    @Override
    boolean holds(float value) {
      return true;
    }
  },
  /** IEEE 754's binary16: 11 significant bits, at most 65504. */
  FLOAT16(Short.BYTES) {
    @Override
    boolean holds(float value) {
      return HalfFloat.isFinite(HalfFloat.of(value));
    }
  },
  /** A whole number from 0 to 255. */
  UINT8(Byte.BYTES) {
    @Override
    boolean holds(float value) {
      return value == (int) value && value >= 0 && value < Preprocessing.LEVELS;
    }
  };

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of an element. */
  int bytes() {
    return bytes;
  }

  /** Whether elements can stand for all of these values, as closely as their precision allows. */
  public boolean holds(float[] values) {
    for (float value : values) {
      if (!holds(value)) {
        return false;
      }
    }
    return true;
  }

  abstract boolean holds(float value);
}
