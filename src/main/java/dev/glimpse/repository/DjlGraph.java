package dev.glimpse.repository;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the graph in a folder for DJL Serving. */
final class DjlGraph {

  private static final String SUFFIX = ".onnx";

  private DjlGraph() {}

  /**
   * Returns the file that {@code option.modelName} names, or else the file named after the model,
   * or else the only graph.
   *
   * @throws dev.glimpse.failure.UnservableModelException if there is no graph, or there are several
   */
  static Path of(ModelFolder folder, PropertiesFile serving) {
    @Nullable String name = serving.find("option.modelName");
    if (name != null) {
      String file = name.endsWith(SUFFIX) ? name : name + SUFFIX;
      if (folder.holds(file) && Files.isRegularFile(folder.file(file))) {
        return folder.file(file);
      }
      throw serving.unservable(
          "option.modelName is \"%s\", and there is no %s%s; correct it"
              .formatted(name, name, SUFFIX));
    }
    List<Path> graphs = graphs(folder);
    for (String usual : List.of(ModelFolder.GRAPH, folder.name() + SUFFIX)) {
      if (graphs.contains(folder.file(usual))) {
        return folder.file(usual);
      }
    }
    if (graphs.size() == 1) {
      return graphs.get(0);
    }
    throw folder.unservable(
        graphs.isEmpty()
            ? ModelFolder.GRAPH + " is missing; add it"
            : "there are %d graphs; name one of them in %s as option.modelName"
                .formatted(graphs.size(), serving.name()));
  }

  private static List<Path> graphs(ModelFolder folder) {
    List<Path> graphs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.path(), "*" + SUFFIX)) {
      files.forEach(graphs::add);
    } catch (IOException | DirectoryIteratorException e) {
      throw folder.unservable("the folder cannot be listed", e);
    }
    return graphs;
  }
}
