package dev.glimpse.pipeline;

import dev.glimpse.engine.Tensor;
import dev.glimpse.model.Model;
import java.util.List;
import java.util.Optional;

/**
 * Asks a model for outputs of its graph.
 *
 * @param model to run
 * @param inputs one tensor for each of the model's inputs; or, for an image classifier, a single
 *     tensor of encoded images
 * @param outputs the names of the outputs to return, each once; none: all
 * @param vector which of the outputs is no output of the graph, but the vectors of which the last
 *     layer of an image classifier makes its scores; empty if they are not asked for
 * @param body what the protocol has read of the body, for its response
 */
public record TensorRequest<B>(
    Model model, List<Tensor> inputs, List<String> outputs, Optional<String> vector, B body) {

  /** Asks for outputs of the graph only. */
  public TensorRequest(Model model, List<Tensor> inputs, List<String> outputs, B body) {
    this(model, inputs, outputs, Optional.empty(), body);
  }

  /** Returns the names of those outputs that are the graph's own. */
  public List<String> ofGraph() {
    return outputs.stream().filter(output -> !vector.equals(Optional.of(output))).toList();
  }
}
