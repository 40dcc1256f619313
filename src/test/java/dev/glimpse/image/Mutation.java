package dev.glimpse.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Changes a file as damage or an attacker would. */
public enum Mutation {
  TRUNCATE,
  FLIP_BITS,
  SPLICE,
  INSERT,
  DELETE,
  DUPLICATE,
  HOSTILE_NUMBER,
  LIE_IN_HEADER,
  SWAP_BLOCKS;

  private static final int[] HOSTILE = {
    0,
    1,
    2,
    3,
    8,
    16,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    30_000,
    0x10000,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    0xFFFFFFFE,
    0x40000000,
    0x15555556
  };

  /**
   * Returns a mutant of a file.
   *
   * @param other a second file to take blocks from
   */
  public byte[] apply(byte[] file, byte[] other, RandomGenerator random) {
    if (file.length < 4) {
      return file;
    }
    byte[] copy = file.clone();
    int at = random.nextInt(file.length);
    int length = 1 + random.nextInt(Math.min(file.length, 1 << random.nextInt(1, 14)));
    int end = Math.min(file.length, at + length);
    switch (this) {
      case TRUNCATE:
        return Arrays.copyOf(file, at);
      case FLIP_BITS:
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
          copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
      case SPLICE:
        int from = random.nextInt(other.length + 1);
        return join(Arrays.copyOf(file, at), Arrays.copyOfRange(other, from, other.length));
      case INSERT:
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return join(Arrays.copyOf(file, at), noise, Arrays.copyOfRange(file, at, file.length));
      case DELETE:
        return join(Arrays.copyOf(file, at), Arrays.copyOfRange(file, end, file.length));
      case DUPLICATE:
        return join(Arrays.copyOf(file, end), Arrays.copyOfRange(file, at, file.length));
      case HOSTILE_NUMBER:
        // Headers and tables come first in most formats; the tail of a TIFF is its directory.
        int near = random.nextBoolean() ? random.nextInt(Math.min(file.length, 200)) : at;
        put(copy, near, random.nextBoolean() ? 4 : 2, random);
        return copy;
      case LIE_IN_HEADER:
        int[][] fields = HeaderFields.of(copy);
        int[] field = fields[random.nextInt(fields.length)];
        put(copy, field[0], field[1], random);
        return copy;
      case SWAP_BLOCKS:
        int second = random.nextInt(file.length);
        int size = Math.min(length, file.length - Math.max(at, second));
        System.arraycopy(file, at, copy, second, size);
        System.arraycopy(file, second, copy, at, size);
        return copy;
    }
    throw new IllegalStateException(name());
  }

  private static void put(byte[] bytes, int at, int width, RandomGenerator random) {
    int value = HOSTILE[random.nextInt(HOSTILE.length)];
    if (at < 0 || at + width > bytes.length) {
      return;
    }
    ByteBuffer out =
        ByteBuffer.wrap(bytes)
            .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    switch (width) {
      case 4 -> out.putInt(at, value);
      case 2 -> out.putShort(at, (short) value);
      default -> out.put(at, (byte) value);
    }
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
