package dev.glimpse.repository;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.ExternalWeights;
import dev.glimpse.failure.UnservableModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Lists the files that hold a graph's external weights. */
public final class ExternalWeightFiles {

  private ExternalWeightFiles() {}

  /**
   * Returns the paths at which the graph expects its weights. Reads the whole graph.
   *
   * @param graph the graph's path in the folder
   * @return paths in the folder; those outside begin with {@code ..}
   * @throws UnservableModelException if the file is not an ONNX graph
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
    } catch (EngineException | IllegalArgumentException e) { // the latter: an invalid path
      throw folder.unservable(graph + " is not an ONNX graph", e);
    }
    return paths;
  }
}
