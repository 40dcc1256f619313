package dev.glimpse.preprocess;

import dev.glimpse.image.Window;
import java.util.Optional;

/**
 * Describes how a model's input tensor is computed from pixels, in the order of the steps.
 *
 * @param resize target size and filter; empty for no resize
 * @param crop centre crop; empty to keep the whole image
 * @param factor factor for each sample (0 to 255), usually 1/255
 * @param mean subtracted from each sample after that: red, green, blue
 * @param deviation divisor of each sample after that: red, green, blue
 */
public record Preprocessing(
    Optional<Resize> resize, Optional<Crop> crop, double factor, Rgb mean, Rgb deviation) {

  /** Number of values that a sample can have. */
  static final int LEVELS = 256;

  /** Leaves a sample as it is. */
  public static final Rgb NO_MEAN = new Rgb(0, 0, 0);

  /** Leaves a sample as it is. */
  public static final Rgb NO_DEVIATION = new Rgb(1, 1, 1);

  /** The mean of ImageNet's training images, whose samples are scaled to 0…1. */
  public static final Rgb IMAGENET_MEAN = new Rgb(0.485f, 0.456f, 0.406f);

  /** Their standard deviation. */
  public static final Rgb IMAGENET_DEVIATION = new Rgb(0.229f, 0.224f, 0.225f);

  private static final Rgb BLACK = new Rgb(0, 0, 0);

  /**
   * Holds a width and a height in pixels.
   *
   * @param width 1 or more
   * @param height 1 or more
   */
  public record Size(int width, int height) {

    /** Returns the text for messages: {@code 224×224}. */
    public String words() {
      return width + "×" + height;
    }
  }

  /** Holds a number for each of the three channels. */
  public record Rgb(float red, float green, float blue) {

    /** Tells whether the three are equal, so that they can be used for grey too. */
    public boolean same() {
      return red == green && green == blue;
    }
  }

  /**
   * Describes the part of a scaled image that is kept.
   *
   * @param size of the result; a smaller image is padded
   * @param centre which pixel is the centre if it is ambiguous
   * @param padding the colour of the padding, each channel 0 to 255
   */
  public record Crop(Size size, Centre centre, Rgb padding) {

    /** Pads a smaller image with black. */
    public Crop(Size size, Centre centre) {
      this(size, centre, BLACK);
    }

    /** Returns the text for messages: {@code center 224×224}. */
    public String words() {
      return (centre == Centre.TOP_LEFT ? "top left " : "center ") + size.words();
    }
  }

  /**
   * Describes how an image is scaled.
   *
   * @param part what is cut out and scaled; empty: the whole image
   * @param target the size after scaling
   * @param filter the resampling filter
   * @param passes in what order
   */
  public record Resize(Optional<Part> part, Target target, Filter filter, Passes passes) {

    /** Scales the whole image, as Pillow 12 does. */
    public Resize(Target target, Filter filter) {
      this(Optional.empty(), target, filter, Passes.PILLOW_12);
    }

    /** Returns what is scaled of an image of this size. */
    Window of(int width, int height) {
      return part.map(p -> p.of(width, height)).orElseGet(() -> new Window(0, 0, width, height));
    }

    /** Returns the scaled size of an image of this size. */
    Size scaled(int width, int height) {
      Window source = of(width, height);
      return target.of(source.width(), source.height());
    }
  }

  /**
   * Describes the middle of an image, in shares of its shorter side, as Perceiver crops it.
   *
   * @param width above 0 and at most 1
   * @param height above 0 and at most 1
   * @param centre where the middle is if an odd number of lines is cut off
   */
  public record Part(double width, double height, Centre centre) {

    Window of(int imageWidth, int imageHeight) {
      int shorter = Math.min(imageWidth, imageHeight);
      int kept = Math.max(1, (int) (width * shorter));
      int rows = Math.max(1, (int) (height * shorter));
      return new Window(centre.cut(imageWidth - kept), centre.cut(imageHeight - rows), kept, rows);
    }
  }

  /** Computes the size to which an image is scaled. */
  public sealed interface Target {

    /** Returns the scaled size of an image of the given size. */
    Size of(int width, int height);

    /** Returns the text for messages: {@code shorter side to 256}. */
    String words();
  }

  /** Scales to a given width and height; the aspect ratio is not kept. */
  public record Exactly(Size size) implements Target {
    @Override
    public Size of(int width, int height) {
      return size;
    }

    @Override
    public String words() {
      return "to " + size.words();
    }
  }

  /**
   * Scales the shorter side to a given length, and the longer one in proportion, rounded down, as
   * Hugging Face does.
   */
  public record ShortestEdge(int length) implements Target {
    @Override
    public Size of(int width, int height) {
      int shorter = Math.min(width, height);
      int longer = (int) ((long) length * Math.max(width, height) / shorter);
      return width <= height ? new Size(length, longer) : new Size(longer, length);
    }

    @Override
    public String words() {
      return "shorter side to " + length;
    }
  }

  /**
   * Scales as another target says, but both sides rounded up to a multiple, as TextNet does.
   *
   * @param divisor 1 or more
   */
  public record RoundedUp(Target target, int divisor) implements Target {
    @Override
    public Size of(int width, int height) {
      Size size = target.of(width, height);
      return new Size(roundedUp(size.width()), roundedUp(size.height()));
    }

    private int roundedUp(int length) {
      return Math.multiplyExact((length + divisor - 1) / divisor, divisor);
    }

    @Override
    public String words() {
      return target.words() + ", up to multiples of " + divisor;
    }
  }

  /**
   * Scales both sides by the same factor so that the image just covers a size, as timm does for
   * sizes that are not square.
   */
  public record Covering(Size size) implements Target {
    @Override
    public Size of(int width, int height) {
      double ratio = Math.min((double) height / size.height(), (double) width / size.width());
      return new Size((int) Math.rint(width / ratio), (int) Math.rint(height / ratio));
    }

    @Override
    public String words() {
      return "to cover " + size.words();
    }
  }

  /**
   * Scales both sides by the same factor so that the image just fits into a size, each side rounded
   * to the nearest pixel, half to even.
   */
  public record Fitting(Size size) implements Target {
    @Override
    public Size of(int width, int height) {
      double ratio = Math.min((double) size.height() / height, (double) size.width() / width);
      return new Size(rounded(width * ratio), rounded(height * ratio));
    }

    private static int rounded(double length) {
      return Math.max(1, (int) Math.rint(length));
    }

    @Override
    public String words() {
      return "to fit into " + size.words();
    }
  }

  /** Returns the size of every result, if it is the same for every image. */
  public Optional<Size> outputSize() {
    return crop.map(Crop::size)
        .or(() ->
            resize
                .map(Resize::target)
                .map(target -> target instanceof Exactly exactly ? exactly.size() : null));
  }

  /**
   * Computes the element of each sample, in float32 arithmetic as in the reference.
   *
   * @return 256 values for each channel, in the channels' order
   */
  public float[] values(Channels channels) {
    float[] values = new float[channels.count() * LEVELS];
    for (int channel = 0; channel < channels.count(); channel++) {
      float subtracted = channels.pick(mean, channel);
      float divisor = channels.pick(deviation, channel);
      for (int level = 0; level < LEVELS; level++) {
        values[channel * LEVELS + level] = ((float) (level * factor) - subtracted) / divisor;
      }
    }
    return values;
  }
}
