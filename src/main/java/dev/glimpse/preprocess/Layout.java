package dev.glimpse.preprocess;

import dev.glimpse.preprocess.Preprocessing.Size;

/** Says in what order a tensor's dimensions come; N is the batch, C the channels. */
public enum Layout {
  /** One plane per channel, as in PyTorch. */
  NCHW(1, 2, 3),
  /** All samples of a pixel together, as in TensorFlow. */
  NHWC(3, 1, 2);

  private final int channels;
  private final int height;
  private final int width;

  Layout(int channels, int height, int width) {
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  /** Returns the index of the channels. */
  public int channels() {
    return channels;
  }

  /** Returns the index of the height. */
  public int height() {
    return height;
  }

  /** Returns the index of the width. */
  public int width() {
    return width;
  }

  /** Returns the shape of one image's tensor. */
  long[] shape(int samples, Size size) {
    long[] shape = new long[4];
    shape[0] = 1;
    shape[channels] = samples;
    shape[height] = size.height();
    shape[width] = size.width();
    return shape;
  }
}
