package dev.glimpse.explain;

import dev.glimpse.engine.ImageVectors;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorValues;
import dev.glimpse.failure.ServingException;
import java.util.ArrayList;
import java.util.Arrays;
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
    long[] shape = shape(tensor);
    return images > 0 && ImageVectors.holds(shape) && shape[0] == images;
  }

  private static long[] shape(Tensor tensor) {
    return tensor.spec().shape().stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * Returns the vector of each image. Where a layer works on each place of a map, that is the mean
   * over all places, as the pooling behind the layer makes it of its results.
   *
   * @param tensor of shape {@code [images, features]}, {@code [images, features, 1, 1]}, {@code
   *     [images, 1, 1, features]} or {@code [images, features, height, width]}
   */
  static List<float[]> each(Tensor tensor) {
    long[] shape = shape(tensor);
    float[] all = ImageVectors.of(TensorValues.of(tensor, Optional.empty()), shape);
    int images = Math.toIntExact(shape[0]);
    int length = all.length / images;
    List<float[]> vectors = new ArrayList<>();
    for (int image = 0; image < images; image++) {
      vectors.add(Arrays.copyOfRange(all, image * length, (image + 1) * length));
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
