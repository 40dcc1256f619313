package dev.glimpse.preprocess;

import dev.glimpse.image.Pixels;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.Size;
import java.nio.FloatBuffer;

/**
 * Pixels to an input tensor, by one model's recipe. Reproduces what Hugging Face's image processors
 * do with Pillow. Immutable; any thread may call it.
 */
public final class Preprocessor {

  private static final int LEVELS = 256;

  private final Preprocessing recipe;

  /** What each of the 256 sample values becomes, for red, then green, then blue. */
  private final float[] values = new float[3 * LEVELS];

  public Preprocessor(Preprocessing recipe) {
    this.recipe = recipe;
    Rgb mean = recipe.mean();
    Rgb deviation = recipe.deviation();
    for (int level = 0; level < LEVELS; level++) {
      float scaled = (float) (level * recipe.factor());
      values[level] = (scaled - mean.red()) / deviation.red();
      values[LEVELS + level] = (scaled - mean.green()) / deviation.green();
      values[2 * LEVELS + level] = (scaled - mean.blue()) / deviation.blue();
    }
  }

  /**
   * The size of the tensor that a picture of the given size becomes.
   *
   * @param width of the picture, in pixels
   * @param height of the picture, in pixels
   */
  public Size outputSize(int width, int height) {
    return recipe.crop().orElseGet(() -> scaledSize(width, height));
  }

  /**
   * Writes a picture's input tensor.
   *
   * @param picture of any size
   * @param tensor takes 3 × height × width floats from its position on, channel by channel (NCHW
   *     without the N), height and width as {@link #outputSize} says
   */
  public void write(Pixels picture, FloatBuffer tensor) {
    Size scaled = scaledSize(picture.width(), picture.height());
    Size out = recipe.crop().orElse(scaled);
    // The part of the scaled picture that is kept, and where it lies in the result. Where the crop
    // is larger than the picture, black is added around it, the odd line above and to the
    // left, as Hugging Face does.
    int keptWidth = Math.min(out.width(), scaled.width());
    int keptHeight = Math.min(out.height(), scaled.height());
    Window window =
        new Window(
            (scaled.width() - keptWidth) / 2,
            (scaled.height() - keptHeight) / 2,
            keptWidth,
            keptHeight);
    Pixels kept =
        recipe
            .resize()
            .map(
                r -> Resampler.resize(picture, scaled.width(), scaled.height(), r.filter(), window))
            .orElseGet(() -> Resampler.crop(picture, window));
    int left = (out.width() - keptWidth + 1) / 2;
    int top = (out.height() - keptHeight + 1) / 2;
    for (int channel = 0; channel < 3; channel++) {
      writeChannel(kept, channel, out, left, top, tensor);
    }
  }

  private void writeChannel(
      Pixels kept, int channel, Size out, int left, int top, FloatBuffer tensor) {
    int table = channel * LEVELS;
    float black = values[table];
    float[] row = new float[out.width()];
    for (int y = 0; y < out.height(); y++) {
      boolean inside = y >= top && y < top + kept.height();
      if (!inside || kept.width() < out.width()) {
        java.util.Arrays.fill(row, black);
      }
      if (inside) {
        int from = (y - top) * kept.width() * 3 + channel;
        for (int x = 0; x < kept.width(); x++, from += 3) {
          row[left + x] = values[table + (kept.rgb()[from] & 0xFF)];
        }
      }
      tensor.put(row);
    }
  }

  private Size scaledSize(int width, int height) {
    return recipe
        .resize()
        .map(r -> r.target().of(width, height))
        .orElseGet(() -> new Size(width, height));
  }
}
