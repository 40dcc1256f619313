package dev.glimpse.engine;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what a message of the system or of ONNX Runtime means.
 *
 * @param words what the message contains
 * @param sentence what it means; each %s stands for a group, of which the empty ones read "ai.onnx"
 */
record KnownMessage(Pattern words, String sentence) {

  /** Returns what the first of these that fits says about a message; empty if none fits. */
  static Optional<String> find(KnownMessage[] known, String message) {
    return Arrays.stream(known).map(one -> one.in(message)).flatMap(Optional::stream).findFirst();
  }

  private Optional<String> in(String message) {
    Matcher found = words.matcher(message);
    if (!found.find()) {
      return Optional.empty();
    }
    Object[] groups = new Object[found.groupCount()];
    for (int i = 0; i < groups.length; i++) {
      String group = found.group(i + 1);
      groups[i] = group == null || group.isEmpty() ? "ai.onnx" : group;
    }
    return Optional.of(sentence.formatted(groups));
  }
}
