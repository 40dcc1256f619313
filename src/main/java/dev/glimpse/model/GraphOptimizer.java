package dev.glimpse.model;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.GraphFacts;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;

/**
 * Optimizes a model's graph ahead of time, for this version of ONNX Runtime on a processor like
 * this one, and writes it beside the exported graph: see {@link OptimizedGraph}.
 */
public final class GraphOptimizer {

  private final OnnxRuntimeEngine engine;
  private final ModelLoader loader;

  public GraphOptimizer(OnnxRuntimeEngine engine, ModelLoader loader) {
    this.engine = engine;
    this.loader = loader;
  }

  /**
   * Optimizes the graph of one version of a model. If it fails, the folder has no optimized graph
   * afterwards, and the exported graph is loaded.
   *
   * @param folder must be writable
   * @return the optimized graph; empty for a model that takes tensors only, as there are no scores
   *     to compare
   * @throws UnservableModelException if the model cannot be served, or its graph cannot be
   *     optimized
   */
  public Optional<Path> prepare(ModelFolder folder) {
    LoadedModel exported = loader.load(folder, Optional.empty());
    try (Model model = exported.model()) {
      return model.classificationTask().isPresent()
          ? Optional.of(optimize(folder, exported))
          : Optional.empty();
    }
  }

  private Path optimize(ModelFolder folder, LoadedModel exported) {
    String platform =
        engine
            .platform()
            .orElseThrow(() -> folder.unservable("no graph can be optimized for this processor"));
    Path made = folder.file(OptimizedGraph.GRAPH + ".part");
    try {
      Files.deleteIfExists(folder.file(OptimizedGraph.FACTS)); // invalidates an older graph first
      GraphFacts facts = GraphFacts.of(exported.model().session());
      Set<String> weights = engine.prepare(folder.graph(), made, facts.eightBitWeights());
      OptimizedGraph graph = new OptimizedGraph(made, facts, exported.scores());
      loader.load(folder, Optional.of(graph)).model().close(); // compares the scores
      String written = graph.facts(folder, platform, weights).toPrettyString() + "\n";
      Path target = folder.file(OptimizedGraph.GRAPH);
      Files.move(made, target, StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(folder.file(OptimizedGraph.FACTS), written);
      return target;
    } catch (IOException e) {
      throw folder.unservable("the optimized graph cannot be written; make the folder writable", e);
    } catch (EngineException e) {
      throw folder.unservable("the graph cannot be optimized", e);
    } finally {
      delete(made);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The file is never loaded under this name.
    }
  }
}
