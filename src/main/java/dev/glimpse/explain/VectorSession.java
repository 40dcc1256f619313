package dev.glimpse.explain;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.Tensor;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.FeatureGraph;
import dev.glimpse.model.Model;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a classifier's graph and gives, besides its outputs, the vectors that enter its last linear
 * layer. Any number of threads may use it.
 */
public final class VectorSession {

  private final Model model;
  private final Session session;
  private final String tensor;

  private VectorSession(Model model, Session session, String tensor) {
    this.model = model;
    this.session = session;
    this.tensor = tensor;
  }

  /**
   * Finds the vectors in a graph.
   *
   * @param graph of the model, open for as long as this is used
   * @throws ServingException INVALID_PARAMETER if it has none
   */
  public static VectorSession of(Model model, FeatureGraph graph) {
    Optional<String> vector = graph.head().vector();
    if (graph.session().isEmpty() || vector.isEmpty()) {
      throw ServingException.invalid(
          "model",
          "makes no vectors: the graph of \"%s\" does not end in a linear layer"
              .formatted(model.name()));
    }
    return new VectorSession(model, graph.session().get(), vector.get());
  }

  /** Returns the graph with the vectors as an output. */
  public Session session() {
    return session;
  }

  /** Returns the name that the vectors have in the graph. */
  public String tensor() {
    return tensor;
  }

  /**
   * Runs the graph on the calling thread.
   *
   * @param inputs one tensor for each of the graph's inputs, with the images first
   * @param outputs names of the graph's outputs, and the name of the vectors
   * @param name of the vectors, which no output has
   * @return in the set's order; the vectors in float, of shape {@code [images, dimensions]}
   * @throws EngineException if the graph fails
   * @throws ServingException INVALID_PARAMETER if it makes no vector of each image
   */
  public List<Tensor> run(List<Tensor> inputs, Set<String> outputs, String name) {
    Set<String> tensors = new LinkedHashSet<>(); // the vectors may be an output, too
    outputs.forEach(output -> tensors.add(output.equals(name) ? tensor : output));
    List<String> order = List.copyOf(tensors);
    List<Tensor> results = session.run(inputs, tensors);
    return outputs.stream()
        .map(output ->
            output.equals(name)
                ? vectors(results.get(order.indexOf(tensor)), name, inputs)
                : results.get(order.indexOf(output)))
        .toList();
  }

  private Tensor vectors(Tensor result, String name, List<Tensor> inputs) {
    List<Long> shape = inputs.get(0).spec().shape();
    if (shape.isEmpty() || !Vectors.holds(result, shape.get(0))) {
      throw ServingException.invalid(
          "model",
          "makes no vector of each image: what enters the last linear layer of \"%s\" is %s"
              .formatted(model.name(), result.spec()));
    }
    return Tensor.ofRows(name, Vectors.each(result));
  }
}
