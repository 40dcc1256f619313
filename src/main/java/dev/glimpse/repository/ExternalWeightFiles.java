package dev.glimpse.repository;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.ExternalWeights;
import dev.glimpse.failure.UnservableModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The files of a model that hold weights which its graph has not inside. */
public final class ExternalWeightFiles {

  private ExternalWeightFiles() {}

  /**
   * Where they have to be, in the model's folder. Reads the whole graph.
   *
   * @param graph the graph's path in the folder
   * @return paths of the same kind; those out of the folder begin with {@code ..}
   * @throws UnservableModelException if the graph is none
   * @throws IOException if it cannot be read
   */
  public static Set<String> of(ModelFolder folder, String graph) throws IOException {
    Path file = folder.file(graph);
    Set<String> paths = new TreeSet<>();
    try {
      for (String location : ExternalWeights.of(file)) {
        Path weights = file.resolveSibling(location).normalize();
        paths.add(folder.path().normalize().relativize(weights).toString().replace('\\', '/'));
      }
    } catch (EngineException | IllegalArgumentException e) { // the latter: no path at all
      throw folder.unservable(graph + " is no ONNX graph", e);
    }
    return paths;
  }
}
