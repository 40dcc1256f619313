package dev.glimpse.registry;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.UnservableModelException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Holds the settings {@code glimpse.models.<name>.traffic}, which apply until a request changes the
 * split.
 *
 * @param byModel by the model's name
 */
record TrafficSettings(Map<String, TrafficSplit> byModel) {

  static final TrafficSettings NONE = new TrafficSettings(Map.of());

  /**
   * Reads the settings.
   *
   * @throws UnservableModelException if one is invalid
   */
  static TrafficSettings of(GlimpseConfig config) {
    Map<String, TrafficSplit> byModel = new TreeMap<>();
    config
        .models()
        .byName()
        .forEach((name, set) ->
            set.traffic().ifPresent(traffic -> byModel.put(name, parse(name, traffic))));
    return new TrafficSettings(byModel);
  }

  private static TrafficSplit parse(String name, String traffic) {
    try {
      return TrafficSplit.parse(traffic);
    } catch (IllegalArgumentException e) {
      throw new UnservableModelException(
          "glimpse.models.%s.traffic %s.".formatted(name, e.getMessage()));
    }
  }

  /** Applies the configured split, unless another applies already or a version is missing. */
  ServedVersions routed(ServedVersions versions) {
    return Optional.ofNullable(byModel.get(versions.name()))
        .filter(traffic -> versions.traffic().isEmpty())
        .filter(traffic -> versions.all().keySet().containsAll(traffic.weights().keySet()))
        .map(versions::routed)
        .orElse(versions);
  }
}
