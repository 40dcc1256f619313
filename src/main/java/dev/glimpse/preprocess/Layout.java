package dev.glimpse.preprocess;

import dev.glimpse.preprocess.Preprocessing.Size;

/** In what order a tensor's dimensions come; N is the batch, C the channels. */
public enum Layout {
  /** One plane a channel, as PyTorch has it. */
  NCHW(1, 2, 3),
  /** All samples of a pixel together, as TensorFlow has it. */
  NHWC(3, 1, 2);

  private final int channels;
  private final int height;
  private final int width;

  Layout(int channels, int height, int width) {
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  /** Which dimension is the channels. */
  public int channels() {
    return channels;
  }

  /** Which dimension is the height. */
  public int height() {
    return height;
  }

  /** Which dimension is the width. */
  public int width() {
    return width;
  }

  /** The shape of one picture's tensor. */
  long[] shape(int samples, Size size) {
    long[] shape = new long[4];
    shape[0] = 1;
    shape[channels] = samples;
    shape[height] = size.height();
    shape[width] = size.width();
    return shape;
  }
}
