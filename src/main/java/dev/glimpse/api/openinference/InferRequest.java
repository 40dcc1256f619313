package dev.glimpse.api.openinference;

import dev.glimpse.engine.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What a body of {@code infer} says.
 *
 * @param id comes back in the answer
 * @param inputs the tensors
 * @param outputs which outputs are wanted, and how; none: all
 * @param binary whether outputs that are not named come back in binary
 */
record InferRequest(
    Optional<String> id, List<Input> inputs, List<Requested> outputs, boolean binary) {

  /**
   * A tensor.
   *
   * @param text whether its strings were strings in JSON, where a picture has to be in base64
   */
  record Input(Tensor tensor, boolean text) {}

  /**
   * An output that is wanted.
   *
   * @param binary whether after the JSON, in binary
   * @param classes how many of the best classes are wanted in its place; 0: the output itself
   */
  record Requested(String name, boolean binary, int classes) {}
}
