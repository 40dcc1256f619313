package dev.glimpse.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Redis has answered to a command.
 *
 * @param bytes a value; null if the key does not exist, or the answer is a list
 * @param numbers a list of whole numbers; empty for other answers
 * @param values a list of texts, if that was asked for; otherwise empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(byte @Nullable [] bytes, List<Long> numbers, List<byte[]> values) {

  Reply(byte @Nullable [] bytes, List<Long> numbers) {
    this(bytes, numbers, List.of());
  }
}
