package dev.glimpse.pipeline;

import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.model.Model;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Finds an image classifier's scores among the outputs of its graph. */
public final class TensorScores {

  /** In the place of a row with a value that is not finite, of which no class is the best. */
  private static final float[] NOT_FINITE = {};

  private TensorScores() {}

  /**
   * Returns each row of the output that holds the scores.
   *
   * @param outputs those that were asked for
   * @return before activation, one value for each class, or one for two classes; nothing if the
   *     model is no image classifier, or if the output was not asked for or is not float32. A row
   *     with a value that is not finite is empty
   */
  public static List<float[]> rows(Model model, List<Tensor> outputs) {
    if (model.classificationTask().isEmpty()) {
      return List.of();
    }
    String name = model.session().output().name();
    int width = model.activation().makesTwo() ? 1 : model.labels().count();
    return outputs.stream()
        .filter(output -> output.spec().name().equals(name) && fits(output.spec(), width))
        .findFirst()
        .map(output -> rows(output, width))
        .orElse(List.of());
  }

  private static boolean fits(TensorSpec spec, int width) {
    return spec.type().equals("float") && spec.rank() == 2 && spec.dimension(1) == width;
  }

  private static List<float[]> rows(Tensor output, int width) {
    List<float[]> rows = new ArrayList<>();
    ByteBuffer values = output.elements();
    while (values.remaining() >= width * Float.BYTES) {
      float[] row = new float[width];
      boolean finite = true;
      for (int i = 0; i < width; i++) {
        row[i] = values.getFloat();
        finite &= Float.isFinite(row[i]);
      }
      rows.add(finite ? row : NOT_FINITE); // keeps the others in their places
    }
    return rows;
  }
}
