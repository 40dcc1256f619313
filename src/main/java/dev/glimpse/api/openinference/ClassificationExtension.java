package dev.glimpse.api.openinference;

import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.engine.HalfFloat;
import dev.glimpse.engine.Tensor;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.TopK;
import java.math.BigInteger;
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
final class ClassificationExtension {

  private ClassificationExtension() {}

  /**
   * Returns the best classes of each row of an output.
   *
   * @param most how many at most, 1 or more
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
    Datatype type = Datatype.ofOnnx(output.spec().type()).orElseThrow();
    ByteBuffer values = output.elements();
    for (int row = 0; row < rows; row++) {
      int first = row * width;
      for (int i : TopK.of(width, i -> value(values, type, first + i).doubleValue(), k)) {
        String text = value(values, type, first + i) + ":" + i;
        String label = labels.get(i);
        texts.add((label.isEmpty() ? text : text + ":" + label).getBytes(StandardCharsets.UTF_8));
      }
    }
    List<Long> best = shape.size() > 1 ? List.of((long) rows, (long) k) : List.of((long) k);
    return Tensor.ofStrings(output.spec().name(), best, texts);
  }

  private static int count(Tensor output) {
    if (output.spec().type().equals(Tensor.STRING)) {
      throw ServingException.invalid(
          "classification",
          "needs an output of numbers, and \"%s\" holds strings".formatted(output.spec().name()));
    }
    return output.data().remaining() / output.spec().elementBytes();
  }

  /** Returns the model's labels if there are as many as classes, otherwise empty ones. */
  private static List<String> labels(Model model, int width) {
    return model
        .classificationTask()
        .map(task -> task.labels().in(Labels.OWN_LANGUAGE))
        .filter(own -> own.size() == width)
        .orElseGet(() -> Collections.nCopies(width, ""));
  }

  /** Reads a value into a Java type that holds every value of the element type. */
  private static Number value(ByteBuffer values, Datatype type, int index) {
    int at = index * type.leastBytes();
    return switch (type) {
      case BOOL, INT8 -> values.get(at);
      case UINT8 -> Byte.toUnsignedInt(values.get(at));
      case INT16 -> values.getShort(at);
      case UINT16 -> Short.toUnsignedInt(values.getShort(at));
      case INT32 -> values.getInt(at);
      case UINT32 -> Integer.toUnsignedLong(values.getInt(at));
      case INT64 -> values.getLong(at);
      case UINT64 -> new BigInteger(Long.toUnsignedString(values.getLong(at)));
      case FP16 -> HalfFloat.toFloat(values.getShort(at));
      case BF16 -> Float.intBitsToFloat(values.getShort(at) << Short.SIZE);
      case FP32 -> values.getFloat(at);
      case FP64 -> values.getDouble(at);
      case BYTES -> throw new IllegalArgumentException("is text");
    };
  }
}
