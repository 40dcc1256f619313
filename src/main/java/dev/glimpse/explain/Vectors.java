package dev.glimpse.explain;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorValues;
import java.util.List;
import java.util.Optional;

/** Reads the vector that enters a classifier's last linear layer. */
public final class Vectors {

  private Vectors() {}

  /**
   * Returns the vector of one image. Where a layer works on each place of a map, that is the mean
   * over all places, as the pooling behind the layer makes it of its results.
   *
   * @param tensor of shape {@code [1, features]}, {@code [1, features, 1, 1]}, {@code [1, 1, 1,
   *     features]} or {@code [1, features, height, width]}
   * @throws EngineException if it is of another shape
   */
  public static float[] of(Tensor tensor) {
    float[] values = TensorValues.of(tensor, Optional.empty());
    List<Long> shape = tensor.spec().shape();
    if (values.length == 0 || shape.get(0) != 1 || (shape.size() != 2 && shape.size() != 4)) {
      throw new EngineException("%s is not the vector of an image.".formatted(tensor.spec()));
    }
    long features = shape.get(1);
    if (features == 1 || features == values.length) {
      return values;
    }
    int places = values.length / Math.toIntExact(features);
    float[] means = new float[values.length / places];
    for (int i = 0; i < values.length; i++) {
      means[i / places] += values[i] / places;
    }
    return means;
  }

  /** Returns a vector divided by its length (L2); one of zeros as it is. */
  public static float[] normalized(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = squares == 0 ? 1 : Math.sqrt(squares);
    float[] normalized = new float[vector.length];
    for (int i = 0; i < normalized.length; i++) {
      normalized[i] = (float) (vector[i] / length);
    }
    return normalized;
  }
}
