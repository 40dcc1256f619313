package dev.glimpse.pipeline;

import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Validates tensors against a model's declared inputs. An error names the tensor that is wrong and
 * says what the model takes.
 */
public final class TensorValidator {

  private final Model model;

  public TensorValidator(Model model) {
    this.model = model;
  }

  /** Returns whether the tensors are encoded images for an image classifier. */
  public static boolean holdsImages(Model model, List<Tensor> tensors) {
    return model.classificationTask().isPresent()
        && tensors.size() == 1
        && tensors.get(0).spec().name().equals(model.session().input().name())
        && tensors.get(0).spec().type().equals(Tensor.STRING);
  }

  /**
   * Returns the image files of a tensor of encoded images.
   *
   * @param most how many it may hold
   * @throws ServingException UNFIT_TENSOR, or TOO_LARGE if it holds more
   */
  public static List<byte[]> images(Tensor tensor, int most) {
    List<Long> shape = tensor.spec().shape();
    if (shape.isEmpty() || shape.size() > 2 || (shape.size() == 2 && shape.get(1) != 1)) {
      throw unfit(tensor.spec(), "holds images, so its shape must be [images] or [images,1]");
    }
    requireElements(tensor);
    if (shape.get(0) > most) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The tensor \"%s\" holds %d images; at most %d are allowed."
              .formatted(tensor.spec().name(), shape.get(0), most));
    }
    return tensor.strings();
  }

  /**
   * Checks that a request with images asks for nothing but the model's scores.
   *
   * @param outputs the names that it asks for, but for its vectors; none: the default
   * @throws ServingException INVALID_PARAMETER
   */
  public static void requireScoresOnly(Model model, List<String> outputs) {
    String scores = model.session().output().name();
    if (!outputs.isEmpty() && !outputs.equals(List.of(scores))) {
      throw ServingException.invalid(
          "outputs", "must be \"%s\", because images have no other output".formatted(scores));
    }
  }

  /**
   * Checks the outputs that a request asks for, and returns their names.
   *
   * @return in the order of the request; all outputs of the graph if it names none
   * @throws ServingException INVALID_PARAMETER if one is named twice, or is unknown
   */
  public static Set<String> outputs(TensorRequest<?> request) {
    Model model = request.model();
    Set<String> known =
        model.session().outputs().stream()
            .map(TensorSpec::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<String> requested = new LinkedHashSet<>(request.outputs());
    if (requested.size() != request.outputs().size()) {
      throw ServingException.invalid("outputs", "must name each output once");
    }
    if (!known.containsAll(request.ofGraph())) {
      throw ServingException.invalid(
          "outputs",
          "must be among those of \"%s\": %s".formatted(model.name(), String.join(", ", known)));
    }
    return requested.isEmpty() ? known : requested;
  }

  /**
   * Checks all tensors, before the graph is run.
   *
   * @throws ServingException UNFIT_TENSOR if a tensor is missing or unknown, or differs from what
   *     the graph declares
   */
  public void check(List<Tensor> tensors) {
    Map<String, TensorSpec> missing = new HashMap<>();
    model.session().inputs().forEach(input -> missing.put(input.name(), input));
    for (Tensor tensor : tensors) {
      TensorSpec declared = missing.remove(tensor.spec().name());
      if (declared == null) {
        throw unfit(
            tensor.spec(),
            "is given twice, or is no input of \"%s\", which takes %s"
                .formatted(model.name(), model.describeInputs()));
      }
      check(tensor, declared);
    }
    if (!missing.isEmpty()) {
      throw new ServingException(
          Failure.UNFIT_TENSOR,
          "\"%s\" also takes %s, which the request does not contain."
              .formatted(
                  model.name(),
                  missing.values().stream()
                      .map(TensorSpec::toString)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
  }

  private void check(Tensor tensor, TensorSpec declared) {
    TensorSpec given = tensor.spec();
    boolean fits = given.type().equals(declared.type()) && given.rank() == declared.rank();
    for (int i = 0; fits && i < given.rank(); i++) {
      fits = declared.dimension(i) < 0 || declared.dimension(i) == given.dimension(i);
    }
    if (!fits) {
      throw unfit(given, "is %s, and \"%s\" takes %s".formatted(given, model.name(), declared));
    }
    requireElements(tensor);
    if (given.type().equals("bool")) {
      requireBooleans(tensor);
    }
  }

  /** ONNX Runtime does not check the bytes, and its kernels treat a 2 differently. */
  private static void requireBooleans(Tensor tensor) {
    ByteBuffer bytes = tensor.elements();
    while (bytes.hasRemaining()) {
      if ((bytes.get() & ~1) != 0) {
        throw unfit(
            tensor.spec(), "is of type bool, each element a byte of 0 or 1, and has another byte");
      }
    }
  }

  /** Checks that there are as many elements as the shape says. */
  private static void requireElements(Tensor tensor) {
    TensorSpec spec = tensor.spec();
    List<Long> wrong = new ArrayList<>(spec.shape());
    wrong.removeIf(dimension -> dimension > 0);
    if (!wrong.isEmpty()) {
      throw unfit(spec, "has a dimension of %d; each must be 1 or more".formatted(wrong.get(0)));
    }
    long elements = 1;
    for (long dimension :
        spec.shape()) { // capped at more than a body can hold, so that it cannot overflow
      elements = Math.min(elements * Math.min(dimension, Integer.MAX_VALUE), Integer.MAX_VALUE);
    }
    boolean fits =
        spec.type().equals(Tensor.STRING)
            ? strings(tensor) == elements
            : elements * spec.elementBytes() == tensor.data().remaining();
    if (!fits) {
      throw unfit(
          spec, "is %s, which its %d bytes do not fill".formatted(spec, tensor.data().remaining()));
    }
  }

  private static int strings(Tensor tensor) {
    try {
      return tensor.stringCount();
    } catch (IllegalArgumentException e) {
      throw unfit(tensor.spec(), "has element lengths that do not add up to its number of bytes");
    }
  }

  private static ServingException unfit(TensorSpec spec, String why) {
    return new ServingException(
        Failure.UNFIT_TENSOR, "The tensor \"%s\" %s.".formatted(spec.name(), why));
  }
}
