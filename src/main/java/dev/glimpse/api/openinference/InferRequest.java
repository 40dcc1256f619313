package dev.glimpse.api.openinference;

import dev.glimpse.engine.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Holds a parsed request of {@code infer}.
 *
 * @param id returned in the response
 * @param inputs the tensors
 * @param outputs which outputs are requested, and how; empty: all
 * @param binary whether outputs that are not named are returned in binary
 */
public record InferRequest(
    Optional<String> id, List<Input> inputs, List<Requested> outputs, boolean binary) {

  /**
   * Holds a tensor for an input.
   *
   * @param text whether its strings were strings in JSON, where an image has to be in base64
   */
  public record Input(Tensor tensor, boolean text) {}

  /**
   * Describes a requested output.
   *
   * @param binary whether to return it in binary, after the JSON
   * @param classes how many of the best classes to return in its place; 0: the output itself
   */
  public record Requested(String name, boolean binary, int classes) {}
}
