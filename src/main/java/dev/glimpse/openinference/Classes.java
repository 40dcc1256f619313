package dev.glimpse.openinference;

import dev.glimpse.engine.Tensor;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.TopK;
import dev.glimpse.preprocess.HalfFloat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Triton's <a
 * href="https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_classification.md">classification
 * extension</a>: in place of an output, its best classes, each as the text {@code
 * value:index:label}. The values are the output's own.
 */
final class Classes {

  private Classes() {}

  /**
   * The best classes of each row of an output.
   *
   * @param most how many, 1 or more; there are never more than the row is long
   */
  static Tensor of(Tensor output, int most, Model model) {
    List<Long> shape = output.spec().shape();
    int count = count(output);
    int rows = shape.size() > 1 ? Math.toIntExact(shape.get(0)) : 1;
    if (count == 0 || rows == 0) {
      throw new ServingException(Failure.UNFIT_TENSOR, "There are no classes in an empty output.");
    }
    int width = count / rows;
    int k = Math.min(most, width);
    List<String> labels = labels(model, width);
    List<byte[]> texts = new ArrayList<>();
    ByteBuffer values = output.elements();
    for (int row = 0; row < rows; row++) {
      float[] scores = new float[width];
      for (int i = 0; i < width; i++) {
        scores[i] = value(values, output.spec().type());
      }
      for (Classification best : TopK.of(scores, k, labels)) {
        texts.add(text(best).getBytes(StandardCharsets.UTF_8));
      }
    }
    List<Long> best = shape.size() > 1 ? List.of((long) rows, (long) k) : List.of((long) k);
    return Tensor.ofStrings(output.spec().name(), best, texts);
  }

  private static int count(Tensor output) {
    if (output.spec().type().equals(Tensor.STRING)) {
      throw ServingException.invalid(
          "classification",
          "is for numbers, and \"%s\" is of text".formatted(output.spec().name()));
    }
    return output.data().remaining() / output.spec().elementBytes();
  }

  /** A model's own, if they are those of this output. */
  private static List<String> labels(Model model, int width) {
    return model
        .vision()
        .map(vision -> vision.labels().in(Labels.OWN_LANGUAGE))
        .filter(own -> own.size() == width)
        .orElseGet(() -> Collections.nCopies(width, ""));
  }

  private static String text(Classification best) {
    String text = best.score() + ":" + best.index();
    return best.label().isEmpty() ? text : text + ":" + best.label();
  }

  private static float value(ByteBuffer values, String type) {
    return switch (type) {
      case "float" -> values.getFloat();
      case "double" -> (float) values.getDouble();
      case "float16" -> HalfFloat.toFloat(values.getShort());
      case "int64", "uint64" -> values.getLong();
      case "int32", "uint32" -> values.getInt();
      case "int16", "uint16" -> values.getShort();
      default -> values.get();
    };
  }
}
