package dev.glimpse.model;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.GraphFault;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.PlatformException;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.UnknownTensorException;
import dev.glimpse.failure.Printable;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.recipe.CalibrationFile;
import dev.glimpse.recipe.DistanceTestConfig;
import dev.glimpse.repository.GraphFileFault;
import java.util.Optional;

/** Opens a model's graph, and explains to the operator why one cannot be opened. */
final class GraphOpener {

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
          .map(found ->
              engine.loadPrepared(
                  found.file(), found.twoFiles(), found.exported(), files.task().output()))
          .orElseGet(() ->
              files
                  .vector()
                  .map(name -> engine.loadWithVectors(files.graph(), name, files.task().output()))
                  .orElseGet(() -> engine.load(files.graph(), files.task().output())));
    } catch (UnknownTensorException e) {
      throw files
          .folder()
          .unservable(
              ("%s's \"%s\": \"%s\" names \"%s\", which the graph does not make; run `models"
                      + " calibrate` again, or delete it")
                  .formatted(
                      CalibrationFile.NAME,
                      DistanceTestConfig.DISTANCE,
                      DistanceTestConfig.TENSOR,
                      Printable.of(e.tensor())),
              e);
    } catch (PlatformException e) {
      throw new UnservableModelException(String.valueOf(e.getMessage()), e);
    } catch (EngineException e) {
      throw optimized.isPresent()
          ? files.folder().unservable(optimized.get().name() + " cannot be loaded", e.oneLine(), e)
          : refused(files, e);
    }
  }

  private static UnservableModelException refused(ModelFiles files, EngineException e) {
    String why =
        GraphFileFault.of(files.graph())
            .or(() -> GraphFault.of(e.oneLine()))
            .map(fault -> ": " + fault)
            .orElse("");
    return files.folder().unservable(files.graphName() + " cannot be loaded" + why, e.oneLine(), e);
  }
}
