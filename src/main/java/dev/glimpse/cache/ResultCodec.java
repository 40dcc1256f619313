package dev.glimpse.cache;

import dev.glimpse.postprocess.Classification;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Writes and reads results as they lie in Redis: a byte with the format's version, for each class
 * its place in the model's output and its score (four bytes each, the most significant first), and
 * the CRC-32 of the key and all that. Labels are not written: they belong to the model.
 */
final class ResultCodec {

  private static final byte VERSION = 1;
  private static final int BYTES_PER_CLASS = Integer.BYTES + Float.BYTES;
  private static final int CHECKSUM = Integer.BYTES;

  private ResultCodec() {}

  /** Writes a result, best class first. */
  static byte[] encode(byte[] key, List<Classification> result) {
    ByteBuffer value = ByteBuffer.allocate(length(result.size()));
    value.put(VERSION);
    for (Classification one : result) {
      value.putInt(one.index()).putFloat(one.score());
    }
    value.putInt(checksum(key, value.array()));
    return value.array();
  }

  /**
   * Reads a result.
   *
   * @param labels of the classes, and how many a result has
   * @return empty if these are not the bytes of a result for this key
   */
  static Optional<List<Classification>> decode(byte[] key, byte[] bytes, ResultLabels labels) {
    ByteBuffer value = ByteBuffer.wrap(bytes);
    if (bytes.length != length(labels.count())
        || value.get() != VERSION
        || value.getInt(bytes.length - CHECKSUM) != checksum(key, bytes)) {
      return Optional.empty();
    }
    List<Classification> result = new ArrayList<>(labels.count());
    float above = Float.POSITIVE_INFINITY;
    for (int i = 0; i < labels.count(); i++) {
      int index = value.getInt();
      float score = value.getFloat();
      if (!labels.has(index) || !(score <= above)) {
        return Optional.empty();
      }
      above = score;
      result.add(labels.classification(index, score));
    }
    return Optional.of(List.copyOf(result));
  }

  private static int length(int classes) {
    return 1 + classes * BYTES_PER_CLASS + CHECKSUM;
  }

  private static int checksum(byte[] key, byte[] value) {
    CRC32 checksum = new CRC32();
    checksum.update(key);
    checksum.update(value, 0, value.length - CHECKSUM);
    return (int) checksum.getValue();
  }
}
