package dev.glimpse.preprocess;

import dev.glimpse.engine.HalfFloat;
import java.nio.ByteBuffer;

/** Lists the element types of input tensors. */
public enum ElementType {
  FLOAT32(Float.BYTES) {
    @Override
    boolean holds(float value) {
      return true;
    }

    @Override
    void put(float value, ByteBuffer out) {
      out.putFloat(value);
    }

    @Override
    float get(ByteBuffer in) {
      return in.getFloat();
    }
  },
  /** IEEE 754's binary16: 11 significant bits, at most 65504. */
  FLOAT16(Short.BYTES) {
    @Override
    boolean holds(float value) {
      return HalfFloat.isFinite(HalfFloat.of(value));
    }

    @Override
    void put(float value, ByteBuffer out) {
      out.putShort(HalfFloat.of(value));
    }

    @Override
    float get(ByteBuffer in) {
      return HalfFloat.toFloat(in.getShort());
    }
  },
  /** An integer from 0 to 255. */
  UINT8(Byte.BYTES) {
    @Override
    boolean holds(float value) {
      return value == (int) value && value >= 0 && value < Preprocessing.LEVELS;
    }

    @Override
    void put(float value, ByteBuffer out) {
      out.put((byte) (int) value);
    }

    @Override
    float get(ByteBuffer in) {
      return in.get() & 0xFF;
    }
  };

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes per element. */
  int bytes() {
    return bytes;
  }

  /** Tells whether elements can represent all of these values, within their precision. */
  public boolean holds(float[] values) {
    for (float value : values) {
      if (!holds(value)) {
        return false;
      }
    }
    return true;
  }

  abstract boolean holds(float value);

  /** Puts an element of this value, in the buffer's order. */
  abstract void put(float value, ByteBuffer out);

  /** Gets the value of the next element, in the buffer's order. */
  abstract float get(ByteBuffer in);
}
