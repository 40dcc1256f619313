package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.ServingConfig;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.folder.FileNames;
import dev.glimpse.registry.TrafficSplit;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.ModelRepository;
import dev.glimpse.repository.RepositoryScan;
import dev.glimpse.repository.VersionFolders;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Chooses a model of the repository as the service does for a request. */
final class ModelChoice {

  private final GlimpseConfig config;
  private final ModelRepository repository;

  /**
   * Chooses from a repository.
   *
   * @param models its folder; empty: as the settings say
   */
  ModelChoice(GlimpseConfig config, Optional<Path> models) {
    this.config = config;
    this.repository =
        models.map(ModelRepository::at).orElseGet(() -> ModelRepository.of(config.models()));
  }

  /**
   * Returns the folder that a text names.
   *
   * @param text a name, a name and a version as {@code flowers:2}, or a folder's path; where a text
   *     without a slash is both, it is the name
   * @throws UnservableModelException if there is no such model
   */
  ModelFolder folder(String text) {
    Optional<Path> path = path(text);
    if (path.isPresent() && (text.indexOf('/') >= 0 || !holds(text))) {
      return VersionFolders.highest(path.get());
    }
    int colon = text.lastIndexOf(':');
    String version = text.substring(colon + 1);
    return colon > 0 && version.matches("[0-9]{1,9}")
        ? folder(Optional.of(text.substring(0, colon)), Optional.of(Integer.parseInt(version)))
        : folder(Optional.of(text), Optional.empty());
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(FileNames.path(text)).filter(Files::isDirectory);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private boolean holds(String name) {
    try {
      return RepositoryScan.findAll(repository).stream()
          .anyMatch(folder -> folder.name().equals(name));
    } catch (UnservableModelException e) {
      return false;
    }
  }

  /**
   * Returns the folder of a model's version.
   *
   * @param name empty: the default model, or the only one
   * @param version empty: the one with the largest share of the traffic, or else the highest
   * @throws UnservableModelException if there is no such model
   */
  ModelFolder folder(Optional<String> name, Optional<Integer> version) {
    List<ModelFolder> all = RepositoryScan.findAll(repository);
    TreeSet<String> names =
        all.stream().map(ModelFolder::name).collect(Collectors.toCollection(TreeSet::new));
    String chosen =
        name.or(() -> config.models().defaultName().filter(names::contains))
            .or(() -> names.size() == 1 ? Optional.of(names.first()) : Optional.empty())
            .orElseThrow(() ->
                new UnservableModelException(
                    "The repository %s holds several models; name one with --model: %s."
                        .formatted(repository.path(), String.join(", ", names))));
    List<ModelFolder> versions =
        all.stream().filter(folder -> folder.name().equals(chosen)).toList();
    if (versions.isEmpty()) {
      throw new UnservableModelException(
          "The repository %s holds no model \"%s\"; it holds %s."
              .formatted(repository.path(), chosen, String.join(", ", names)));
    }
    int number =
        version.or(() -> usual(chosen)).orElse(versions.get(versions.size() - 1).version());
    return versions.stream()
        .filter(folder -> folder.version() == number)
        .findFirst()
        .orElseThrow(() ->
            new UnservableModelException(
                "The model \"%s\" has no version %d; it has %s."
                    .formatted(
                        chosen,
                        number,
                        versions.stream()
                            .map(folder -> Integer.toString(folder.version()))
                            .collect(Collectors.joining(", ")))));
  }

  private Optional<Integer> usual(String name) {
    return Optional.ofNullable(config.models().byName().get(name))
        .flatMap(ServingConfig::traffic)
        .map(traffic -> TrafficSplit.parse(traffic).usual());
  }
}
