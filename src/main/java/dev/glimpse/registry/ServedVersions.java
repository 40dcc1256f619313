package dev.glimpse.registry;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The versions of a model that are in service; never changed, but replaced whole.
 *
 * @param name the model's name
 * @param all by version, at least one
 * @param traffic who answers requests that name no version; empty: the highest
 */
record ServedVersions(
    String name, NavigableMap<Integer, ServedModel> all, Optional<TrafficSplit> traffic) {

  /**
   * The version that a request is for.
   *
   * @throws ServingException UNKNOWN_MODEL if there is none such
   */
  ServedModel choose(Optional<Integer> version, String requestId) {
    return require(
        version
            .or(() -> traffic.map(shares -> shares.version(name, requestId)))
            .orElseGet(all::lastKey));
  }

  /** The version that most of the requests are for that name none. */
  ServedModel usual() {
    return require(traffic.map(TrafficSplit::usual).orElseGet(all::lastKey));
  }

  /**
   * A version.
   *
   * @throws ServingException UNKNOWN_MODEL if it is not served
   */
  ServedModel require(int version) {
    ServedModel served = all.get(version);
    if (served == null) {
      throw new ServingException(
          Failure.UNKNOWN_MODEL,
          "The model \"%s\" has no version %d. Served: %s.".formatted(name, version, numbers()));
    }
    return served;
  }

  /** Whether requests that name no version come to this one because somebody said so. */
  boolean hasShare(int version) {
    return traffic.isPresent() && traffic.get().weights().getOrDefault(version, 0) > 0;
  }

  ServedVersions with(ServedModel served) {
    NavigableMap<Integer, ServedModel> more = new TreeMap<>(all);
    more.put(served.model().version(), served);
    return new ServedVersions(name, more, traffic);
  }

  ServedVersions without(int version) {
    NavigableMap<Integer, ServedModel> fewer = new TreeMap<>(all);
    fewer.remove(version);
    return new ServedVersions(name, fewer, traffic);
  }

  /** The same, with the requests shared out otherwise. */
  ServedVersions routed(TrafficSplit shares) {
    shares.weights().keySet().forEach(this::require);
    return new ServedVersions(name, all, Optional.of(shares));
  }

  /** For people: {@code 1, 2}. */
  String numbers() {
    return all.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
