package dev.glimpse.model;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.PlatformException;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.GraphFiles;
import java.util.Optional;

/** Opens a model's graph, and explains to the operator why one cannot be opened. */
final class GraphOpener {

  private static final int MAX_REASON = 200;

  private final OnnxRuntimeEngine engine;

  GraphOpener(OnnxRuntimeEngine engine) {
    this.engine = engine;
  }

  /**
   * Opens the optimized graph if there is one, or else the exported graph.
   *
   * @return owned by the caller
   * @throws UnservableModelException if ONNX Runtime cannot open it
   */
  Session open(ModelFiles files, Optional<OptimizedGraph> optimized) {
    try {
      return optimized
          .map(found -> engine.loadPrepared(found.file(), found.outputKind(), found.metadata()))
          .orElseGet(() -> engine.load(files.graph()));
    } catch (PlatformException e) {
      throw new UnservableModelException(String.valueOf(e.getMessage()), e);
    } catch (EngineException e) {
      String file = optimized.isPresent() ? OptimizedGraph.GRAPH : files.graphName();
      if (GraphFiles.isPointer(files.graph())) {
        throw files
            .folder()
            .unservable(
                file + " is a Git LFS pointer, not the graph itself; run git lfs pull to fetch it",
                e);
      }
      throw files.folder().unservable(file + " cannot be loaded; export it again", oneLine(e), e);
    }
  }

  /** Returns the first line of ONNX Runtime's message, which may be long. */
  static String oneLine(EngineException e) {
    String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "…";
  }
}
