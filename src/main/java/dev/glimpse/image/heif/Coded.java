package dev.glimpse.image.heif;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Holds one coded image, checked: a single intra picture of the size that its item says.
 *
 * @param item what the file says about it
 * @param configuration content of {@code hvcC} or {@code av1C}, without parameter sets
 * @param units the parameter sets and the picture, in the order of decoding
 */
record Coded(HeifImage.Item item, ByteBuffer configuration, List<ByteBuffer> units) {

  /** Returns how many bytes the units have. */
  int length() {
    return units.stream().mapToInt(ByteBuffer::remaining).reduce(0, Math::addExact);
  }
}
