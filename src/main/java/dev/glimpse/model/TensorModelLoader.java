package dev.glimpse.model;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.recipe.Fact;
import dev.glimpse.recipe.ModelReport;
import dev.glimpse.recipe.ServedTask;
import dev.glimpse.repository.ModelFolder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Makes a model that takes tensors only; see {@link ServedTask}. */
final class TensorModelLoader {

  private static final Logger LOG = Logger.getLogger(TensorModelLoader.class);

  private TensorModelLoader() {}

  /**
   * Makes the model and runs it once.
   *
   * @param session owned by the model if this returns, by the caller if it throws
   * @param log of this load
   * @throws UnservableModelException if an input has a type that cannot be fed
   */
  static LoadedModel load(ModelFiles files, Session session, ServedTask task, LoadLog log) {
    ModelFolder folder = files.folder();
    for (TensorSpec input : session.inputs()) {
      if (!session.feeds(input)) {
        throw folder.unservable(
            ("the graph's input is %s, a type that ONNX Runtime's Java API cannot create; export it"
                    + " with another type")
                .formatted(input));
      }
    }
    if (task.surprising()) {
      log.warn(
          "%s/%d takes tensors and classifies no images: %s"
              .formatted(folder.name(), folder.version(), task.reason()));
    }
    warmUp(session);
    Model model =
        new Model(
            folder.name(),
            folder.version(),
            session,
            Optional.empty(),
            () -> facts(files, session, task));
    return new LoadedModel(model, new float[0], log);
  }

  private static List<Fact> facts(ModelFiles files, Session session, ServedTask task) {
    List<Fact> facts = new ArrayList<>();
    facts.add(ModelReport.graph(files.folder(), files.graph()));
    facts.add(new Fact(ServedTask.FACT, "tensors, no images", task.reason()));
    ModelReport.weights(session).ifPresent(facts::add);
    session.inputs().forEach(input -> facts.add(new Fact("input", input.toString(), "graph")));
    session.outputs().forEach(output -> facts.add(new Fact("output", output.toString(), "graph")));
    session
        .omittedOutputs()
        .forEach(output -> facts.add(new Fact("left out", output, "not a tensor")));
    return facts;
  }

  /** Runs the graph on zeros. A graph that fails on them may accept other tensors. */
  private static void warmUp(Session session) {
    try {
      List<Tensor> zeros = session.inputs().stream().map(TensorModelLoader::zeros).toList();
      Set<String> outputs =
          session.outputs().stream().map(TensorSpec::name).collect(Collectors.toSet());
      session.run(zeros, outputs);
    } catch (EngineException e) {
      LOG.debug("The graph fails on tensors of zeros:", e);
    }
  }

  private static Tensor zeros(TensorSpec input) {
    List<Long> shape = input.shape().stream().map(dimension -> Math.max(dimension, 1)).toList();
    int count = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    if (input.type().equals(Tensor.STRING)) {
      return Tensor.ofStrings(input.name(), shape, Collections.nCopies(count, new byte[0]));
    }
    return new Tensor(
        new TensorSpec(input.name(), input.type(), shape),
        ByteBuffer.allocate(Math.multiplyExact(count, input.elementBytes())));
  }
}
