package dev.glimpse.pipeline;

import dev.glimpse.engine.Tensor;
import dev.glimpse.model.Model;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a call of a model from a protocol's body and writes the protocol's response. Called on a
 * worker; immutable.
 *
 * @param <B> what is read of the body
 * @param <A> the response
 */
public interface TensorCall<B, A> {

  /** Returns the model's name; empty: the default model. */
  Optional<String> model();

  /** Returns the model's version; empty: the highest. */
  Optional<Integer> version();

  /**
   * Returns how many bytes of the Java heap {@link #parse} takes, its tensors among them; empty if
   * they are not known, and reckoned by the length of the body.
   */
  default OptionalLong heapBytes() {
    return OptionalLong.empty();
  }

  /**
   * Parses the body, whose meaning depends on the model. Called once more if the request asks for
   * vectors and the graph has to be opened for them, so that nothing is kept while it waits.
   *
   * @throws dev.glimpse.failure.ServingException if the body is malformed, or does not suit the
   *     model
   */
  TensorRequest<B> parse(Model model);

  /**
   * Encodes the response.
   *
   * @param outputs in the order of the request's names, or of the graph's own outputs
   */
  A encode(TensorRequest<B> request, List<Tensor> outputs);
}
