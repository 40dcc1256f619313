package dev.glimpse.explain;

import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorValues;
import dev.glimpse.failure.ServingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the vector that enters a classifier's last linear layer. */
public final class Vectors {

  private Vectors() {}

  /**
   * Returns the vector of one image; see {@link #each}.
   *
   * @throws ServingException INVALID_PARAMETER if it is of another shape, or of several images
   */
  public static float[] of(Tensor tensor) {
    if (!holds(tensor, 1)) {
      throw ServingException.invalid(
          "model",
          "makes no vectors: what enters its last linear layer is %s".formatted(tensor.spec()));
    }
    return each(tensor).get(0);
  }

  /** Returns whether a tensor has such a shape, for as many images. */
  static boolean holds(Tensor tensor, long images) {
    List<Long> shape = tensor.spec().shape();
    return (shape.size() == 2 || shape.size() == 4)
        && images > 0
        && shape.get(0) == images
        && shape.stream().allMatch(dimension -> dimension > 0);
  }

  /**
   * Returns the vector of each image. Where a layer works on each place of a map, that is the mean
   * over all places, as the pooling behind the layer makes it of its results.
   *
   * @param tensor of shape {@code [images, features]}, {@code [images, features, 1, 1]}, {@code
   *     [images, 1, 1, features]} or {@code [images, features, height, width]}
   */
  static List<float[]> each(Tensor tensor) {
    float[] values = TensorValues.of(tensor, Optional.empty());
    List<Long> shape = tensor.spec().shape();
    int images = Math.toIntExact(shape.get(0));
    int numbers = values.length / images;
    int features = Math.toIntExact(shape.get(1));
    int places = features == 1 ? 1 : numbers / features;
    List<float[]> vectors = new ArrayList<>();
    for (int image = 0; image < images; image++) {
      float[] means = new float[numbers / places];
      for (int i = 0; i < numbers; i++) {
        means[i / places] += values[image * numbers + i] / places;
      }
      vectors.add(means);
    }
    return vectors;
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
