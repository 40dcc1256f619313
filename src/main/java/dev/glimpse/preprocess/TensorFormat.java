package dev.glimpse.preprocess;

/**
 * Describes how an image's samples lie in a graph's input tensor.
 *
 * @param channels which samples
 * @param layout order of the dimensions
 * @param type element type
 */
public record TensorFormat(Channels channels, Layout layout, ElementType type) {

  /** The format of most graphs. */
  public static final TensorFormat RGB_NCHW_FLOAT32 =
      new TensorFormat(Channels.RGB, Layout.NCHW, ElementType.FLOAT32);
}
