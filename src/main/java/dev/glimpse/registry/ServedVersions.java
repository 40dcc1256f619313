package dev.glimpse.registry;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Holds the versions of a model that are in service. Immutable.
 *
 * @param name the model's name
 * @param all by version, at least one
 * @param traffic splits the requests that name no version; empty: the highest gets all of them
 */
record ServedVersions(
    String name, NavigableMap<Integer, ServedModel> all, Optional<TrafficSplit> traffic) {

  /**
   * Chooses the version for a request.
   *
   * @throws ServingException UNKNOWN_MODEL if there is no such version
   */
  ServedModel choose(Optional<Integer> version, String requestId) {
    return require(
        version
            .or(() -> traffic.map(shares -> shares.version(name, requestId)))
            .orElseGet(all::lastKey));
  }

  /** Returns the version that gets most of the requests that name no version. */
  ServedModel usual() {
    return require(traffic.map(TrafficSplit::usual).orElseGet(all::lastKey));
  }

  /**
   * Returns a version.
   *
   * @throws ServingException UNKNOWN_MODEL if it is not in service
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

  /** Returns whether the traffic split gives this version a share. */
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

  /** Returns a copy with another traffic split. */
  ServedVersions routed(TrafficSplit shares) {
    shares.weights().keySet().forEach(this::require);
    return new ServedVersions(name, all, Optional.of(shares));
  }

  /** Lists the versions for messages, e.g. {@code 1, 2}. */
  String numbers() {
    return all.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
