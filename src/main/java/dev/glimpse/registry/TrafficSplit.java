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
 * How the requests that name no version are shared out among a model's versions.
 *
 * @param weights by version; 0 or more each, more than 0 together
 */
public record TrafficSplit(NavigableMap<Integer, Integer> weights) {

  /** Bounded, as the JDK's patterns take some of the stack for each part. */
  private static final Pattern FORM =
      Pattern.compile(
          "%s(:[0-9]{1,5})?(,%1$s(:[0-9]{1,5})?){0,99}".formatted(VersionNumber.PATTERN));

  /**
   * Reads it as people write it: {@code 2}, or {@code 1:90,2:10}. A weight that is left out is 1.
   *
   * @throws IllegalArgumentException with the rest of a sentence, if it is not of this form
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
   * The version for a request: always the same for the same id, so that what is sent again meets
   * the same model. Who got the higher version still does when its weight is raised and the sum
   * stays.
   *
   * @param model the model's name, so that two models do not share out the same ids alike
   * @param id of the request
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
   * 32 bits of a hash in which each depends on all of the text; of a checksum's this is not so, and
   * models would share out alike.
   */
  private static long hash(String text) {
    byte[] hash = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    return Integer.toUnsignedLong(ByteBuffer.wrap(hash).getInt());
  }

  /** The version with the largest share, and the higher one of equals. */
  int usual() {
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

  /** As it is read. */
  @Override
  public String toString() {
    return weights.entrySet().stream()
        .map(version -> version.getKey() + ":" + version.getValue())
        .collect(Collectors.joining(","));
  }
}
