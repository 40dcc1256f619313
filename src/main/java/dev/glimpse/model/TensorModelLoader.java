package dev.glimpse.model;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.recipe.Fact;
import dev.glimpse.recipe.ModelReport;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Models that are shown no pictures: a graph whose inputs are no picture, in a folder with no file
 * that speaks of pictures or of labels. It is served for tensors as it is.
 */
final class TensorModelLoader {

  private static final Logger LOG = Logger.getLogger(TensorModelLoader.class);

  /** Batch, channels, height and width. */
  private static final int RANK_OF_PICTURES = 4;

  private TensorModelLoader() {}

  /**
   * Loads a folder of this kind; of any other, does nothing.
   *
   * @throws UnservableModelException if the graph cannot be loaded or cannot be fed
   */
  static Optional<Model> load(ModelFolder folder, OnnxRuntimeEngine engine) {
    if (!holdsGraphsOnly(folder)) {
      return Optional.empty();
    }
    Session session;
    try {
      session = engine.load(folder.graph());
    } catch (EngineException | UnservableModelException e) {
      return Optional.empty(); // whoever tries next says why
    }
    try {
      if (session.inputs().size() == 1 && session.input().rank() == RANK_OF_PICTURES) {
        session.close();
        return Optional.empty();
      }
      for (TensorSpec input : session.inputs()) {
        if (!session.feeds(input)) {
          throw folder.unservable(
              "the graph's input is %s, of a type that ONNX Runtime's Java classes cannot make; export it otherwise"
                  .formatted(input));
        }
      }
      warmUp(session);
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
    return Optional.of(
        new Model(
            folder.name(),
            folder.version(),
            session,
            Optional.empty(),
            () -> facts(folder, session)));
  }

  private static List<Fact> facts(ModelFolder folder, Session session) {
    List<Fact> facts = new ArrayList<>();
    facts.add(ModelReport.graph(folder, folder.graph()));
    session.inputs().forEach(input -> facts.add(new Fact("input", input.toString(), "graph")));
    session.outputs().forEach(output -> facts.add(new Fact("output", output.toString(), "graph")));
    return facts;
  }

  /**
   * Beside the graph and its weights there may be a README, but nothing that makes a classifier.
   */
  private static boolean holdsGraphsOnly(ModelFolder folder) {
    try (Stream<Path> files = Files.list(folder.path())) {
      return files
          .map(file -> file.getFileName().toString())
          .noneMatch(name ->
              name.endsWith(".json") || name.endsWith(".txt") || name.endsWith(".properties"));
    } catch (IOException | UncheckedIOException e) {
      throw folder.unservable("it cannot be read, or changes just now", e);
    }
  }

  /** A run on noughts; a graph that fails on them may like other tensors better. */
  private static void warmUp(Session session) {
    try {
      List<Tensor> noughts = session.inputs().stream().map(TensorModelLoader::noughts).toList();
      Set<String> outputs =
          session.outputs().stream().map(TensorSpec::name).collect(Collectors.toSet());
      session.run(noughts, outputs);
    } catch (EngineException e) {
      LOG.debug("The graph does not like noughts:", e);
    }
  }

  private static Tensor noughts(TensorSpec input) {
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
