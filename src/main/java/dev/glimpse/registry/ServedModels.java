package dev.glimpse.registry;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Holds every model in service. Immutable.
 *
 * @param byName sorted
 */
record ServedModels(Map<String, ServedVersions> byName) {

  static final ServedModels NONE = new ServedModels(Map.of());

  boolean isEmpty() {
    return byName.isEmpty();
  }

  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** Returns the name of the only model; empty if there are several or none. */
  Optional<String> onlyName() {
    return byName.size() == 1 ? Optional.of(byName.keySet().iterator().next()) : Optional.empty();
  }

  /**
   * Returns a model's versions.
   *
   * @throws ServingException UNKNOWN_MODEL if there is no model of that name
   */
  ServedVersions require(String name) {
    ServedVersions versions = byName.get(name);
    if (versions == null) {
      throw new ServingException(
          Failure.UNKNOWN_MODEL,
          "There is no model \"%s\". Served: %s.".formatted(name, String.join(", ", names())));
    }
    return versions;
  }

  /** Returns a version of a model if it is in service. */
  Optional<ServedModel> find(String name, int version) {
    return Optional.ofNullable(byName.get(name)).map(versions -> versions.all().get(version));
  }

  /** Returns whether a version is in service as it is in its folder. */
  boolean holds(ModelFolder folder, FolderSnapshot state) {
    return find(folder.name(), folder.version())
        .filter(served -> served.state().equals(state))
        .isPresent();
  }

  Stream<ServedModel> all() {
    return byName.values().stream().flatMap(versions -> versions.all().values().stream());
  }

  /** Returns a copy with this version, which replaces the same version if there is one. */
  ServedModels with(ServedModel served) {
    String name = served.model().name();
    ServedVersions versions =
        byName.getOrDefault(
            name, new ServedVersions(name, Collections.emptyNavigableMap(), Optional.empty()));
    return with(versions.with(served));
  }

  /** Returns a copy with these versions, which replace all of that name. */
  ServedModels with(ServedVersions versions) {
    Map<String, ServedVersions> changed = new TreeMap<>(byName);
    changed.put(versions.name(), versions);
    return new ServedModels(Collections.unmodifiableMap(changed));
  }

  /** Returns a copy without this version, and without the model if it was the last one. */
  ServedModels without(String name, int version) {
    ServedVersions left = require(name).without(version);
    return left.all().isEmpty() ? without(name) : with(left);
  }

  /** Returns a copy without this model. */
  ServedModels without(String name) {
    Map<String, ServedVersions> changed = new TreeMap<>(byName);
    changed.remove(name);
    return new ServedModels(Collections.unmodifiableMap(changed));
  }
}
