package dev.glimpse.cache;

import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.GroupScore;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.postprocess.Uncertainty;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Writes and reads results as they lie in Redis: a byte with the format's version, one with why the
 * best class is uncertain (0 if it is not), for each class its place in the model's output and its
 * score (four bytes each, the most significant first), the same for each group, and the CRC-32 of
 * the key and all that. Labels are not written: they belong to the model.
 */
final class ResultCodec {

  private static final byte VERSION = 2;
  private static final int HEAD = 2;
  private static final int BYTES_PER_CLASS = Integer.BYTES + Float.BYTES;
  private static final int CHECKSUM = Integer.BYTES;

  private static final List<Uncertainty> REASONS = List.of(Uncertainty.values());

  private ResultCodec() {}

  /** Writes a result, best class first. */
  static byte[] encode(byte[] key, RankedClasses result) {
    ByteBuffer value = ByteBuffer.allocate(length(result.best().size() + result.groups().size()));
    int uncertain = result.uncertainty().map(why -> REASONS.indexOf(why) + 1).orElse(0);
    value.put(VERSION).put((byte) uncertain);
    for (Classification one : result.best()) {
      value.putInt(one.index()).putFloat(one.score());
    }
    for (GroupScore one : result.groups()) {
      value.putInt(one.index()).putFloat(one.score());
    }
    value.putInt(checksum(key, value.array()));
    return value.array();
  }

  /**
   * Reads a result.
   *
   * @param labels of the classes and groups, and how many a result has
   * @return empty if these are not the bytes of a result for this key
   */
  static Optional<RankedClasses> decode(byte[] key, byte[] bytes, ResultLabels labels) {
    ByteBuffer value = ByteBuffer.wrap(bytes);
    if (bytes.length != length(labels.count() + labels.groupCount())
        || value.get() != VERSION
        || value.getInt(bytes.length - CHECKSUM) != checksum(key, bytes)) {
      return Optional.empty();
    }
    int uncertain = value.get();
    if (uncertain < 0 || uncertain > REASONS.size()) {
      return Optional.empty();
    }
    Optional<List<Classification>> best =
        ranked(value, labels.count(), labels.labels().size(), labels::classification);
    Optional<List<GroupScore>> groups =
        ranked(value, labels.groupCount(), labels.groups().size(), labels::group);
    return best.isEmpty() || groups.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RankedClasses(
                best.get(),
                uncertain == 0 ? Optional.empty() : Optional.of(REASONS.get(uncertain - 1)),
                groups.get()));
  }

  /** Makes a class or a group of its index and score. */
  private interface Named<T> {
    T of(int index, float score);
  }

  /**
   * Reads indices and scores.
   *
   * @param known how many indices there are
   * @return empty if an index is unknown, or a score above the one before it
   */
  private static <T> Optional<List<T>> ranked(
      ByteBuffer value, int count, int known, Named<T> named) {
    List<T> result = new ArrayList<>(count);
    float above = Float.POSITIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      int index = value.getInt();
      float score = value.getFloat();
      if (index < 0 || index >= known || !(score <= above)) {
        return Optional.empty();
      }
      above = score;
      result.add(named.of(index, score));
    }
    return Optional.of(List.copyOf(result));
  }

  private static int length(int scores) {
    return HEAD + scores * BYTES_PER_CLASS + CHECKSUM;
  }

  private static int checksum(byte[] key, byte[] value) {
    CRC32 checksum = new CRC32();
    checksum.update(key);
    checksum.update(value, 0, value.length - CHECKSUM);
    return (int) checksum.getValue();
  }
}
