package dev.glimpse.preprocess;

import java.nio.ByteBuffer;

/**
 * Hides parts of an image in its input tensor: mixes each pixel with the mean colour of the image.
 * For one thread at a time.
 */
public final class MaskedTensor {

  private final TensorFormat format;
  private final int width;
  private final int height;
  private final float[] values;
  private final float[] means;

  /**
   * Copies an image's tensor.
   *
   * @param shape with a batch of 1, as {@link Preprocessor#shape} says
   * @param tensor what {@link Preprocessor#write} has written, in native order; not changed
   */
  public MaskedTensor(TensorFormat format, long[] shape, ByteBuffer tensor) {
    this.format = format;
    this.width = Math.toIntExact(shape[format.layout().width()]);
    this.height = Math.toIntExact(shape[format.layout().height()]);
    this.values = new float[width * height * format.channels().count()];
    ByteBuffer in = tensor.duplicate().order(tensor.order());
    for (int i = 0; i < values.length; i++) {
      values[i] = format.type().get(in);
    }
    this.means = means();
  }

  private float[] means() {
    int channels = format.channels().count();
    double[] sums = new double[channels];
    for (int i = 0; i < values.length; i++) {
      sums[channel(i)] += values[i];
    }
    float[] means = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      means[channel] = (float) (sums[channel] / (width * height));
    }
    return means;
  }

  private int channel(int index) {
    return format.layout() == Layout.NCHW
        ? index / (width * height)
        : index % format.channels().count();
  }

  /** Returns the image's width in the tensor, in pixels. */
  public int width() {
    return width;
  }

  /** Returns the image's height in the tensor, in pixels. */
  public int height() {
    return height;
  }

  /**
   * Writes the tensor of the image with some of it hidden.
   *
   * @param kept how much is kept of each pixel, row by row from the top left: 1 all, 0 nothing
   * @param out receives the elements from its position on; in native order
   */
  public void write(float[] kept, ByteBuffer out) {
    int pixels = width * height;
    boolean planes = format.layout() == Layout.NCHW;
    for (int i = 0; i < values.length; i++) {
      float mean = means[channel(i)];
      float share = kept[planes ? i % pixels : i / means.length];
      format.type().put(mean + (values[i] - mean) * share, out);
    }
  }
}
