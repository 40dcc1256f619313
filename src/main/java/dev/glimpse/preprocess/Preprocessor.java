package dev.glimpse.preprocess;

import dev.glimpse.config.PixelCode;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Window;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Size;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Turns pixels into an input tensor, as one model requires. Reproduces what the image processors of
 * Hugging Face and of timm do with Pillow. Immutable; any thread may call it.
 */
public final class Preprocessor {

  /**
   * Smallest ratio of an image's decoded size to the resize's target. Of the 200 photos, enlarged
   * to 12 megapixels, MobileNetV2 put another class first in 2 with a margin of 2, and in none with
   * 4.
   */
  private static final double MARGIN = 4;

  /** The largest input tensor: 200 MB of floats. */
  private static final long MAX_OUTPUT = 1 << 24;

  private final Preprocessing recipe;
  private final TensorFormat format;
  private final Line.Maker lines;
  private final Optional<NativeScaler> nativeScaler;

  /** Scales with the {@linkplain PixelCodes#best fastest} code. */
  public Preprocessor(Preprocessing recipe, TensorFormat format) {
    this(recipe, format, PixelCodes.best());
  }

  /**
   * Computes the element of each sample.
   *
   * @param format its type {@linkplain ElementType#holds holds} the recipe's values
   * @param code what scales images where it can; Java otherwise
   */
  public Preprocessor(Preprocessing recipe, TensorFormat format, PixelCode code) {
    this.recipe = recipe;
    this.format = format;
    float[] values = recipe.values(format.channels());
    this.lines = Line.of(format.type(), values);
    this.nativeScaler =
        code == PixelCode.JAVA
            ? Optional.empty()
            : Optional.of(new NativeScaler(code, format, values));
  }

  /** Returns the layout, channels and type of the input tensor. */
  public TensorFormat format() {
    return format;
  }

  /**
   * Returns the shape of the tensor of an image of this size, with a batch of 1.
   *
   * @param width of the image, in pixels
   * @param height of the image, in pixels
   * @throws ServingException TOO_LARGE if it is more than 16 million pixels: the image is long and
   *     narrow, and the model does not fix the longer side
   */
  public long[] shape(int width, int height) {
    Size size = outputSize(scaledSize(width, height));
    if ((long) size.width() * size.height() > MAX_OUTPUT) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "Scaled for this model, the image would have %d×%d pixels; at most %d pixels are accepted."
              .formatted(size.width(), size.height(), MAX_OUTPUT));
    }
    return format.layout().shape(format.channels().count(), size);
  }

  /**
   * Returns which part of an image the tensor holds.
   *
   * @param width of the image, in pixels
   * @param height of the image, in pixels
   */
  public View view(int width, int height) {
    Size scaled = scaledSize(width, height);
    Size out = outputSize(scaled);
    Centre centre = centre();
    Window source =
        recipe
            .resize()
            .map(resize -> resize.of(width, height))
            .orElseGet(() -> new Window(0, 0, width, height));
    int left = offset(centre, scaled.width(), out.width());
    int top = offset(centre, scaled.height(), out.height());
    double columns = (double) source.width() / scaled.width();
    double rows = (double) source.height() / scaled.height();
    return new View(
        (source.x() + left * columns) / width,
        (source.y() + top * rows) / height,
        (source.x() + (left + out.width()) * columns) / width,
        (source.y() + (top + out.height()) * rows) / height);
  }

  /** Returns at which pixel of the scaled image the tensor begins; negative if that is padding. */
  private static int offset(Centre centre, int scaled, int out) {
    return scaled >= out ? centre.cut(scaled - out) : -centre.added(out - scaled);
  }

  /**
   * Returns the fraction of width and height that is worth decoding: at least four times the
   * resize's target in each direction, so that the filter still averages.
   *
   * @param width of the image, in pixels
   * @param height of the image, in pixels
   * @return above 0 and at most 1
   */
  public double scaleNeeded(int width, int height) {
    return recipe
        .resize()
        .filter(resize -> resize.filter().averages())
        .map(resize -> scaleNeeded(resize.of(width, height), resize.scaled(width, height)))
        .filter(scale -> scale < 1)
        .orElse(1.0);
  }

  private static double scaleNeeded(Window source, Size target) {
    return MARGIN
        * Math.max(
            (double) target.width() / source.width(), (double) target.height() / source.height());
  }

  /**
   * Returns the part of an image that {@link #write} reads, or a little more.
   *
   * @param width of the image, in pixels
   * @param height of the image, in pixels
   */
  public Window partNeeded(int width, int height) {
    Size scaled = scaledSize(width, height);
    Window kept = kept(scaled, outputSize(scaled));
    if (recipe.resize().isEmpty()) {
      return kept;
    }
    Resize resize = recipe.resize().get();
    Window source = resize.of(width, height);
    Span columns =
        Span.read(resize.filter(), source.width(), scaled.width(), kept.x(), kept.width());
    Span rows =
        Span.read(resize.filter(), source.height(), scaled.height(), kept.y(), kept.height());
    return new Window(
        source.x() + columns.start(), source.y() + rows.start(), columns.length(), rows.length());
  }

  /**
   * Writes an image's input tensor.
   *
   * @param image of any size
   * @param tensor receives as many elements as {@link #shape} says, from its position on, which
   *     moves past them; in native order
   */
  public void write(Pixels image, ByteBuffer tensor) {
    Size scaled = scaledSize(image.width(), image.height());
    Size out = outputSize(scaled);
    Window window = kept(scaled, out);
    if (window.width() < out.width() || window.height() < out.height()) {
      pad(tensor, out);
    }
    int left = centre().added(out.width() - window.width());
    int top = centre().added(out.height() - window.height());
    PixelRows rows = rows(tensor, out, left, top, window.width());
    recipe
        .resize()
        .ifPresentOrElse(
            resize -> {
              NativeScaler.Place place = new NativeScaler.Place(out, left, top);
              if (nativeScaler.isEmpty()
                  || !nativeScaler.get().write(image, resize, window, tensor, place)) {
                Window source = resize.of(image.width(), image.height());
                PackedPixels pixels = new PackedPixels(image, grey(), source);
                Resampler.resize(pixels, scaled, resize.filter(), resize.passes(), window, rows);
              }
            },
            () -> Resampler.crop(new PackedPixels(image, grey()), window, rows));
    int elements = format.channels().count() * out.height() * out.width();
    tensor.position(tensor.position() + elements * format.type().bytes());
  }

  /** Returns the part of the scaled image that the tensor holds. */
  private Window kept(Size scaled, Size out) {
    int width = Math.min(out.width(), scaled.width());
    int height = Math.min(out.height(), scaled.height());
    return new Window(
        centre().cut(scaled.width() - width),
        centre().cut(scaled.height() - height),
        width,
        height);
  }

  private Centre centre() {
    return recipe.crop().map(Crop::centre).orElse(Centre.TRANSFORMERS);
  }

  /** Fills the tensor with the padding, for the part that the image does not cover. */
  private void pad(ByteBuffer tensor, Size size) {
    PixelRows rows = rows(tensor, size, 0, 0, size.width());
    int[] padding = new int[size.width()];
    recipe
        .crop()
        .map(Crop::padding)
        .ifPresent(color -> Arrays.fill(padding, PackedPixels.of(color, grey())));
    for (int y = 0; y < size.height(); y++) {
      rows.take(y, padding);
    }
  }

  private boolean grey() {
    return format.channels() == Channels.GREY;
  }

  private PixelRows rows(ByteBuffer tensor, Size size, int left, int top, int width) {
    Line line = lines.make(tensor, TensorRows.lineLength(format, width));
    return new TensorRows(line, format, size, left, top);
  }

  private Size outputSize(Size scaled) {
    return recipe.crop().map(Crop::size).orElse(scaled);
  }

  private Size scaledSize(int width, int height) {
    return recipe
        .resize()
        .map(resize -> resize.scaled(width, height))
        .orElseGet(() -> new Size(width, height));
  }
}
