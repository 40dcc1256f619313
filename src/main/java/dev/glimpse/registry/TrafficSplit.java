package dev.glimpse.registry;

import dev.glimpse.config.VersionNumber;
import dev.glimpse.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Splits the requests that name no version among a model's versions.
 *
 * @param weights by version; each 0 or more, their sum above 0
 */
public record TrafficSplit(NavigableMap<Integer, Integer> weights) {

  /** Bounded, because the JDK's patterns use stack space for each repetition. */
  private static final Pattern FORM =
      Pattern.compile(
          "%s(:[0-9]{1,5})?(,%1$s(:[0-9]{1,5})?){0,99}".formatted(VersionNumber.PATTERN));

  /**
   * Parses {@code 2} or {@code 1:90,2:10}. A missing weight is 1.
   *
   * @throws IllegalArgumentException if the text has another form; the message is the rest of a
   *     sentence that begins with the parameter's name
   */
  public static TrafficSplit parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "must be a version, or versions with their weights, as 1:90,2:10; a version is "
              + VersionNumber.WORDS);
    }
    NavigableMap<Integer, Integer> weights = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      int colon = part.indexOf(':');
      int version = Integer.parseInt(colon < 0 ? part : part.substring(0, colon));
      int weight = colon < 0 ? 1 : Integer.parseInt(part.substring(colon + 1));
      if (weights.put(version, weight) != null) {
        throw new IllegalArgumentException("must name each version once, and names " + version);
      }
    }
    if (total(weights) == 0) {
      throw new IllegalArgumentException("must give a weight above 0 to a version");
    }
    return new TrafficSplit(Collections.unmodifiableNavigableMap(weights));
  }

  /**
   * Returns the version for a request: always the same for the same id, so that a retry gets the
   * same version. If the weight of the highest version is raised and the sum stays, ids that got it
   * still do.
   *
   * @param model the model's name, which makes the splits of two models independent
   * @param id the request's id
   */
  int version(String model, String id) {
    long point = (hash(model + "/" + id) * total(weights)) >>> Integer.SIZE;
    for (Map.Entry<Integer, Integer> version : weights.entrySet()) {
      point -= version.getValue();
      if (point < 0) {
        return version.getKey();
      }
    }
    throw new IllegalStateException("Weights that do not add up: " + weights);
  }

  /**
   * Returns 32 bits of a hash in which each bit depends on the whole text. With a checksum's bits,
   * the splits of two models would be correlated.
   */
  private static long hash(String text) {
    byte[] hash = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    return Integer.toUnsignedLong(ByteBuffer.wrap(hash).getInt());
  }

  /** Returns the version with the largest share; of equal shares, the higher version. */
  public int usual() {
    int usual = weights.firstKey();
    for (Map.Entry<Integer, Integer> version : weights.entrySet()) {
      if (version.getValue() >= weights.getOrDefault(usual, 0)) {
        usual = version.getKey();
      }
    }
    return usual;
  }

  private static long total(Map<Integer, Integer> weights) {
    return weights.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** Returns the form that {@link #parse} accepts. */
  @Override
  public String toString() {
    return weights.entrySet().stream()
        .map(version -> version.getKey() + ":" + version.getValue())
        .collect(Collectors.joining(","));
  }
}
