package dev.glimpse.model;

import dev.glimpse.engine.EngineException;
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
 * Optimises models' graphs ahead of time, for this version of ONNX Runtime on a processor like this
 * one, and puts them beside {@code model.onnx}: see {@link OptimizedGraph}.
 */
public final class GraphOptimizer {

  private final OnnxRuntimeEngine engine;
  private final ModelLoader loader;

  public GraphOptimizer(OnnxRuntimeEngine engine, ModelLoader loader) {
    this.engine = engine;
    this.loader = loader;
  }

  /**
   * Prepares one version of a model. What goes wrong leaves it without a prepared graph, to be
   * loaded as it was exported.
   *
   * @param folder has to be writable
   * @return the prepared graph; empty for a model that is shown no pictures, as there is nothing to
   *     hold its answers against
   * @throws UnservableModelException if the model cannot be served, or its graph cannot be prepared
   */
  public Optional<Path> prepare(ModelFolder folder) {
    Optional<Model> tensorsOnly = TensorModelLoader.load(folder, engine);
    if (tensorsOnly.isPresent()) {
      tensorsOnly.get().close();
      return Optional.empty();
    }
    String platform =
        engine
            .platform()
            .orElseThrow(() -> folder.unservable("no graph can be prepared on this processor"));
    Path made = folder.file(OptimizedGraph.GRAPH + ".part");
    ModelLoader.Loaded exported = loader.load(folder, Optional.empty());
    try (Model model = exported.model()) {
      Files.deleteIfExists(folder.file(OptimizedGraph.FACTS)); // what it says ends here
      Set<String> weights = engine.prepare(folder.graph(), made);
      OptimizedGraph graph =
          new OptimizedGraph(
              made, model.session().outputKind(), model.session().metadata(), exported.answer());
      loader.load(folder, Optional.of(graph)).model().close(); // does it answer, and the same?
      String facts = graph.facts(folder, platform, weights).toPrettyString() + "\n";
      Path target = folder.file(OptimizedGraph.GRAPH);
      Files.move(made, target, StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(folder.file(OptimizedGraph.FACTS), facts);
      return Optional.of(target);
    } catch (IOException e) {
      throw folder.unservable("the prepared graph cannot be written; make it writable", e);
    } catch (EngineException e) {
      throw folder.unservable("the graph cannot be prepared", e);
    } finally {
      delete(made);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is not used by anybody: only its final name is looked for.
    }
  }
}
