package dev.glimpse.explain;

import dev.glimpse.image.Pixels;
import dev.glimpse.image.PngFile;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.ElementType;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Layout;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Fitting;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.preprocess.TensorFormat;
import dev.glimpse.preprocess.View;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.Deflater;

/**
 * Draws a map over its image, upright and in the image's proportions. The smallest number of the
 * map is drawn in the first colour and nearly transparent, the largest in the last one. What the
 * model did not see is darker.
 */
public final class HeatMap {

  private static final int SAMPLES = Pixels.SAMPLES;
  private static final double LEAST_OPAQUE = 0.2;
  private static final double MOST_OPAQUE = 0.65;
  private static final double UNSEEN = 0.4;

  private static final TensorFormat BYTES =
      new TensorFormat(Channels.RGB, Layout.NHWC, ElementType.UINT8);

  private final ClassMap map;
  private final View view;
  private final float least;
  private final float range;

  /**
   * Draws this map.
   *
   * @param view the part of the image that it is of
   */
  public HeatMap(ClassMap map, View view) {
    this.map = map;
    this.view = view;
    float smallest = Float.POSITIVE_INFINITY;
    float largest = Float.NEGATIVE_INFINITY;
    for (float value : map.values()) {
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
    }
    this.least = smallest;
    this.range = largest - smallest;
  }

  /**
   * Returns a PNG file.
   *
   * @param image not closed
   * @param side length of the longer side of the result, in pixels
   */
  public byte[] over(Pixels image, int side) {
    Preprocessing fit =
        new Preprocessing(
            Optional.of(new Resize(new Fitting(new Size(side, side)), Filter.BILINEAR)),
            Optional.empty(),
            1,
            Preprocessing.NO_MEAN,
            Preprocessing.NO_DEVIATION);
    Preprocessor scaler = new Preprocessor(fit, BYTES);
    long[] shape = scaler.shape(image.width(), image.height());
    int height = (int) shape[BYTES.layout().height()];
    int width = (int) shape[BYTES.layout().width()];
    ByteBuffer scaled =
        ByteBuffer.allocateDirect(width * height * SAMPLES).order(ByteOrder.nativeOrder());
    scaler.write(image, scaled);
    byte[] rgb = new byte[scaled.capacity()];
    scaled.flip().get(rgb);
    for (int y = 0; y < height; y++) {
      drawRow(rgb, y * width * SAMPLES, width, view.y((y + 0.5) / height));
    }
    return PngFile.of(width, height, rgb, Deflater.BEST_SPEED);
  }

  private void drawRow(byte[] rgb, int from, int width, double y) {
    for (int x = 0; x < width; x++) {
      draw(rgb, from + x * SAMPLES, view.x((x + 0.5) / width), y);
    }
  }

  private void draw(byte[] rgb, int pixel, double x, double y) {
    boolean seen = x >= 0 && x <= 1 && y >= 0 && y <= 1;
    double heat = seen && range > 0 ? (map.at(x, y) - least) / range : 0;
    double opaque = LEAST_OPAQUE + (MOST_OPAQUE - LEAST_OPAQUE) * heat;
    for (int i = 0; i < SAMPLES; i++) {
      int sample = rgb[pixel + i] & 0xFF;
      double drawn =
          seen ? sample + (Colours.sample(heat, 16 - 8 * i) - sample) * opaque : sample * UNSEEN;
      rgb[pixel + i] = (byte) Math.round(drawn);
    }
  }
}
