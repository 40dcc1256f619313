package dev.glimpse.preprocess;

import java.util.Optional;

/**
 * A model's recipe from pixels to its input tensor, in the order of the steps.
 *
 * @param resize to what size, and how; empty: not at all
 * @param crop the middle that is kept; empty: everything
 * @param factor what each sample (0 to 255) is multiplied by, usually 1/255
 * @param mean subtracted from each sample after that: red, green, blue
 * @param deviation what each sample is divided by after that: red, green, blue
 */
public record Preprocessing(
    Optional<Resize> resize, Optional<Crop> crop, double factor, Rgb mean, Rgb deviation) {

  /** Values that a sample can have. */
  static final int LEVELS = 256;

  /** Leaves a sample as it is. */
  public static final Rgb NO_MEAN = new Rgb(0, 0, 0);

  /** Leaves a sample as it is. */
  public static final Rgb NO_DEVIATION = new Rgb(1, 1, 1);

  /**
   * A width and a height in pixels.
   *
   * @param width 1 or more
   * @param height 1 or more
   */
  public record Size(int width, int height) {

    /** For people: {@code 224×224}. */
    public String words() {
      return width + "×" + height;
    }
  }

  /** A number for each of the three channels. */
  public record Rgb(float red, float green, float blue) {

    /** Whether it is the same number for each, so that it can be grey's as well. */
    public boolean same() {
      return red == green && green == blue;
    }
  }

  /**
   * What is kept of a scaled picture.
   *
   * @param size of the result; where the picture is smaller, black is added around it
   * @param centre where its middle is
   */
  public record Crop(Size size, Centre centre) {}

  /**
   * How a picture is scaled.
   *
   * @param target to what size
   * @param filter how
   */
  public record Resize(Target target, Filter filter) {}

  /** To what size a picture is scaled. */
  public sealed interface Target {

    /** The scaled size of a picture of the given size. */
    Size of(int width, int height);

    /** For people: {@code shorter side to 256}. */
    String words();
  }

  /** Width and height are given; the shape of the picture is not kept. */
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

  /** The shorter side is given; the longer follows, rounded down, as Hugging Face does it. */
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
   * The sides are scaled alike, until the picture just covers a size, as timm does it for sizes
   * that are not square.
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

  /** The size of every result, if it is the same for every picture. */
  public Optional<Size> outputSize() {
    return crop.map(Crop::size)
        .or(() ->
            resize
                .map(Resize::target)
                .map(target -> target instanceof Exactly exactly ? exactly.size() : null));
  }

  /**
   * What each sample becomes, in float32 arithmetic as the reference does it.
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
