package dev.glimpse.simulation;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes image files of a pixel each, which holds the image's number. */
final class Images {

  private static final int MANY = 1 << 16;

  private final List<Fate> fates;

  /** Images that were in a failed run together with one that made it fail. */
  private final Set<Integer> hurt = new HashSet<>();

  /**
   * Makes the images of a run.
   *
   * @param fates by the image's number
   */
  Images(List<Fate> fates) {
    this.fates = fates;
  }

  /** The length of each file. */
  static final int BYTES = 5;

  static byte[] file(int number) {
    if (number >= MANY) {
      throw new IllegalArgumentException("Too many images: " + number);
    }
    return new byte[] {'S', 'I', 'M', (byte) number, (byte) (number >> 8)};
  }

  static int number(ByteBuffer file) {
    return (file.get(3) & 0xFF) | (file.get(4) & 0xFF) << 8;
  }

  /** Returns whether an image takes so long that a worker does not decode it at once. */
  static boolean isLong(int number) {
    return number % 3 == 2;
  }

  int count() {
    return fates.size();
  }

  Fate fate(int number) {
    return fates.get(number);
  }

  /** Records an image that fails although nothing is wrong with it. */
  void hurt(int number) {
    hurt.add(number);
  }

  /** Returns whether an image may have failed for a reason that is not the client's. */
  boolean mayFail(int number) {
    return hurt.contains(number)
        || switch (fate(number)) {
          case GOOD, CORRUPT, DECODER_RUNS_OUT_OF_MEMORY -> false;
          default -> true;
        };
  }
}
