package dev.glimpse.api.openinference;

import dev.glimpse.api.openinference.InferRequest.Input;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads Triton's <a
 * href="https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md#raw-binary-request">raw
 * binary request</a>: no JSON at all, the body holds the elements of the model's only input. For an
 * image classifier it is an image file, unless it is exactly as long as the input tensor.
 */
final class RawBody {

  private RawBody() {}

  /**
   * Reads a body.
   *
   * @throws ServingException INVALID_PARAMETER or UNFIT_TENSOR if the model has several inputs, or
   *     the body does not fit its input
   */
  static InferRequest read(byte[] body, Model model) {
    if (model.session().inputs().size() != 1) {
      throw ServingException.invalid(
          InferBody.HEADER_LENGTH,
          "may be 0 where a model has one input, and \"%s\" takes %s"
              .formatted(model.name(), model.describeInputs()));
    }
    Tensor tensor = tensor(body, model);
    return new InferRequest(Optional.empty(), List.of(new Input(tensor, false)), List.of(), true);
  }

  private static Tensor tensor(byte[] body, Model model) {
    TensorSpec input = model.session().inputs().get(0);
    if (model.classificationTask().isPresent() && body.length != bytesOfOne(input)) {
      return Tensor.ofStrings(input.name(), List.of(1L), List.of(body));
    }
    if (input.type().equals(Tensor.STRING)) {
      return Tensor.ofStrings(input.name(), filled(input, 1), List.of(body)); // without its length
    }
    long open = input.shape().stream().filter(dimension -> dimension < 0).count();
    long rows = open == 0 ? 1 : body.length / Math.max(bytesOfOne(input), 1);
    if (open > 1 || rows == 0 || rows * bytesOfOne(input) != body.length) {
      throw new ServingException(
          Failure.UNFIT_TENSOR,
          "The %d bytes of the body do not make one %s; if more than one dimension is dynamic, send the shape in JSON."
              .formatted(body.length, input));
    }
    return new Tensor(
        new TensorSpec(input.name(), input.type(), filled(input, rows)), ByteBuffer.wrap(body));
  }

  /** Returns the size with each dynamic dimension as 1; -1 for strings. */
  private static long bytesOfOne(TensorSpec input) {
    if (input.type().equals(Tensor.STRING)) {
      return -1;
    }
    return filled(input, 1).stream().reduce((long) input.elementBytes(), (a, b) -> a * b);
  }

  private static List<Long> filled(TensorSpec input, long open) {
    List<Long> shape = new ArrayList<>(input.shape());
    shape.replaceAll(dimension -> dimension < 0 ? open : dimension);
    return shape;
  }
}
