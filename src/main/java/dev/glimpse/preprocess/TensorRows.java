package dev.glimpse.preprocess;

import dev.glimpse.preprocess.Preprocessing.Size;

/** Writes rows of pixels into a tensor, in its layout. */
final class TensorRows implements PixelRows {

  private final Line line;
  private final TensorFormat format;
  private final Size size;
  private final int left;
  private final int top;

  /**
   * Prepares the tensor; writes nothing yet.
   *
   * @param line as long as a row of the tensor's part that is written
   * @param size of the tensor
   * @param left first column of the rows in the tensor
   * @param top first row in the tensor
   */
  TensorRows(Line line, TensorFormat format, Size size, int left, int top) {
    this.line = line;
    this.format = format;
    this.size = size;
    this.left = left;
    this.top = top;
  }

  /** Returns the length of a line of pixels, in elements. */
  static int lineLength(TensorFormat format, int pixels) {
    return format.layout() == Layout.NCHW ? pixels : pixels * format.channels().count();
  }

  @Override
  public void take(int y, int[] pixels) {
    Channels channels = format.channels();
    int pixel = (top + y) * size.width() + left;
    if (format.layout() == Layout.NHWC) {
      line.interleaved(pixels, channels);
      line.put(pixel * channels.count());
      return;
    }
    int plane = size.height() * size.width();
    for (int channel = 0; channel < channels.count(); channel++) {
      line.plane(pixels, channels.shift(channel), Preprocessing.LEVELS * channel);
      line.put(channel * plane + pixel);
    }
  }
}
