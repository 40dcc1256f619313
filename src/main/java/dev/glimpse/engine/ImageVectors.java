package dev.glimpse.engine;

/** Makes the vector of each image of what enters a classifier's last linear layer. */
public final class ImageVectors {

  private static final float[] NONE = {};

  private ImageVectors() {}

  /** Returns whether a tensor of this shape holds a vector of each image. */
  public static boolean holds(long... shape) {
    boolean empty = false;
    for (long dimension : shape) {
      empty |= dimension <= 0;
    }
    return !empty && (shape.length == 2 || shape.length == 4);
  }

  /**
   * Returns the images' vectors, one after the other. Where a layer works on each place of a map,
   * that is the mean over all places, as the pooling behind the layer makes it of its results.
   *
   * @param values row-major
   * @param shape {@code [images, features]}, {@code [images, features, 1, 1]}, {@code [images, 1,
   *     1, features]} or {@code [images, features, height, width]}
   * @return empty if the shape is another one
   */
  public static float[] of(float[] values, long... shape) {
    if (!holds(shape)) {
      return NONE;
    }
    int numbers = values.length / Math.toIntExact(shape[0]);
    int features = Math.toIntExact(shape[1]);
    int places = features == 1 ? 1 : numbers / features;
    if (places == 1) {
      return values;
    }
    float[] means = new float[values.length / places];
    for (int i = 0; i < values.length; i++) {
      means[i / places] += values[i] / places;
    }
    return means;
  }
}
