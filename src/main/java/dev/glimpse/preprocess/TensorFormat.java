package dev.glimpse.preprocess;

/**
 * What a graph takes: how a picture's samples lie in its input tensor.
 *
 * @param channels which samples
 * @param layout in what order the dimensions come
 * @param type what an element is
 */
public record TensorFormat(Channels channels, Layout layout, ElementType type) {

  /** What most graphs take. */
  public static final TensorFormat RGB_NCHW_FLOAT32 =
      new TensorFormat(Channels.RGB, Layout.NCHW, ElementType.FLOAT32);
}
