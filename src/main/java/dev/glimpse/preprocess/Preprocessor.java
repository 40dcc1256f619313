package dev.glimpse.preprocess;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.Pixels;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.Size;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Pixels to an input tensor, by one model's recipe. Reproduces what Hugging Face's image processors
 * do with Pillow. Immutable; any thread may call it.
 */
public final class Preprocessor {

  /** Values that a sample can have. */
  static final int LEVELS = 256;

  /**
   * How many times the resize's target a picture is decoded at least. Of the 200 photos, enlarged
   * to 12 megapixels, MobileNetV2 put another class first in 2 with a margin of 2, and in none with
   * 4.
   */
  private static final double MARGIN = 4;

  /** 200 MB of floats. */
  private static final long MAX_OUTPUT = 1 << 24;

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
   * @throws ServingException TOO_LARGE if it is more than 16 million pixels: the picture is long
   *     and narrow, and the model leaves the longer side open
   */
  public Size outputSize(int width, int height) {
    Size size = recipe.crop().orElseGet(() -> scaledSize(width, height));
    if ((long) size.width() * size.height() > MAX_OUTPUT) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "Scaled for this model the picture would have %d×%d pixels; at most %d are fed to it."
              .formatted(size.width(), size.height(), MAX_OUTPUT));
    }
    return size;
  }

  /**
   * How much of a picture's width and height is worth decoding: what leaves four times the pixels,
   * in each direction, that the resize asks for, so that the filter still averages.
   *
   * @param width of the picture, in pixels
   * @param height of the picture, in pixels
   * @return above 0 and at most 1
   */
  public double scaleNeeded(int width, int height) {
    return recipe
        .resize()
        .filter(resize -> resize.filter() != Filter.NEAREST)
        .map(resize -> resize.target().of(width, height))
        .map(target ->
            MARGIN * Math.max((double) target.width() / width, (double) target.height() / height))
        .filter(scale -> scale < 1)
        .orElse(1.0);
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
    if (keptWidth < out.width() || keptHeight < out.height()) {
      fillWithBlack(tensor, out);
    }
    int left = (out.width() - keptWidth + 1) / 2;
    int top = (out.height() - keptHeight + 1) / 2;
    PixelRows rows = new TensorRows(values, out, left, top, keptWidth, tensor);
    recipe
        .resize()
        .map(Preprocessing.Resize::filter)
        .ifPresentOrElse(
            filter ->
                Resampler.resize(picture, scaled.width(), scaled.height(), filter, window, rows),
            () -> Resampler.crop(picture, window, rows));
    tensor.position(tensor.position() + 3 * out.height() * out.width());
  }

  private void fillWithBlack(FloatBuffer tensor, Size size) {
    float[] row = new float[size.width()];
    for (int y = 0; y < 3 * size.height(); y++) {
      Arrays.fill(row, values[y / size.height() * LEVELS]);
      tensor.put(tensor.position() + y * row.length, row);
    }
  }

  private Size scaledSize(int width, int height) {
    return recipe
        .resize()
        .map(r -> r.target().of(width, height))
        .orElseGet(() -> new Size(width, height));
  }
}
