package dev.glimpse.repository;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which file of DJL's folder is the graph. */
final class DjlGraph {

  private static final String SUFFIX = ".onnx";

  private DjlGraph() {}

  /**
   * What {@code option.modelName} names; else the file that is named after the model, or the only
   * one there is.
   *
   * @throws dev.glimpse.failure.UnservableModelException if there is none, or it cannot be told
   */
  static Path of(ModelFolder folder, PropertiesFile serving) {
    @Nullable String name = serving.find("option.modelName");
    if (name != null) {
      String file = name.endsWith(SUFFIX) ? name : name + SUFFIX;
      if (folder.holds(file) && Files.isRegularFile(folder.file(file))) {
        return folder.file(file);
      }
      throw serving.unservable(
          "option.modelName is \"%s\", and there is no %s%s; mend it"
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
