package dev.glimpse.model;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.ExternalWeights;
import dev.glimpse.engine.GraphFacts;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.model.PreparationRecord.Sources;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Optimizes a model's graph ahead of time, for this version of ONNX Runtime on a processor like
 * this one, and writes it beside the exported graph: see {@link OptimizedGraph}.
 */
public final class GraphOptimizer {

  /**
   * The most bytes of an exported graph that is written to one file, which may have 2 GB. Weights
   * may grow when they are laid out for the processor.
   */
  private static final long ONE_FILE = 1 << 30;

  private static final String TENSORS_ONLY =
      "not prepared, as it takes tensors only: there are no scores of an image by which the"
          + " prepared graph could be checked. The exported graph is loaded.";

  private static final String GIVES_VECTORS =
      "not prepared, as its calibration.json has a distance test, whose vectors only the exported"
          + " graph gives. The exported graph is loaded.";

  private final OnnxRuntimeEngine engine;
  private final ModelLoader loader;
  private final long oneFile;

  public GraphOptimizer(OnnxRuntimeEngine engine, ModelLoader loader) {
    this(engine, loader, ONE_FILE);
  }

  GraphOptimizer(OnnxRuntimeEngine engine, ModelLoader loader, long oneFile) {
    this.engine = engine;
    this.loader = loader;
    this.oneFile = oneFile;
  }

  /**
   * Optimizes the graph of one version of a model. If it fails, the folder has no optimized graph
   * afterwards, and the exported graph is loaded.
   *
   * @param folder must be writable
   * @throws UnservableModelException if the model cannot be served, or its graph cannot be
   *     optimized
   */
  public Preparation prepare(ModelFolder folder) {
    LoadedModel exported = loader.load(folder, Optional.empty());
    try (Model model = exported.model()) {
      if (model.classificationTask().isEmpty()) {
        return Preparation.not(TENSORS_ONLY);
      }
      return model.distance().isPresent()
          ? Preparation.not(GIVES_VECTORS)
          : new Preparation(Optional.of(optimize(folder, exported)), "");
    }
  }

  /**
   * Says what came of a preparation.
   *
   * @param file the optimized graph; empty if the exported one is served
   * @param why that is so, for people; empty if it is not
   */
  public record Preparation(Optional<Path> file, String why) {
    private static Preparation not(String why) {
      return new Preparation(Optional.empty(), why);
    }
  }

  private Path optimize(ModelFolder folder, LoadedModel exported) {
    String platform =
        engine
            .platform()
            .orElseThrow(() -> folder.unservable("no graph can be optimized for this processor"));
    PreparedFiles files = new PreparedFiles(folder);
    try {
      files.clear();
      Set<String> weights = ExternalWeights.of(folder.graph());
      Sources sources = sources(folder, weights);
      boolean large = bytes(folder.graph(), weights) > oneFile;
      Path made = files.made(large ? OptimizedGraph.LARGE_GRAPH : OptimizedGraph.GRAPH);
      Optional<String> second = large ? Optional.of(OptimizedGraph.DATA) : Optional.empty();
      GraphFacts facts = GraphFacts.of(exported.model().session());
      engine.prepare(folder.graph(), made, second, facts.eightBitWeights());
      OptimizedGraph graph = new OptimizedGraph(made, facts, exported.scores());
      loader.load(folder, Optional.of(graph)).model().close(); // compares the scores
      String record = PreparationRecord.of(graph, sources, platform).toPrettyString();
      return files.install(graph, record + "\n");
    } catch (IOException e) {
      throw folder.unservable(
          "the optimized graph cannot be written; make the folder writable, and some space", e);
    } catch (EngineException e) {
      throw folder.unservable("the graph cannot be optimized", e.oneLine(), e);
    } finally {
      files.deleteMade();
    }
  }

  private static Sources sources(ModelFolder folder, Set<String> weights) {
    try {
      return Sources.of(folder.graph(), weights);
    } catch (IOException e) {
      throw folder.unservable("the exported graph or its weights cannot be read", e);
    }
  }

  /** Returns the size of a graph with its weights. */
  private static long bytes(Path graph, Set<String> weights) throws IOException {
    long bytes = Files.size(graph);
    for (String name : weights) {
      bytes += Files.size(graph.resolveSibling(name));
    }
    return bytes;
  }
}
