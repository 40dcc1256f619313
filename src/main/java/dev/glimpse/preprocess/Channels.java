package dev.glimpse.preprocess;

import dev.glimpse.preprocess.Preprocessing.Rgb;

/** Says which samples of a pixel a tensor holds, and in what order. */
public enum Channels {
  RGB(PixelRows.RED, PixelRows.GREEN, PixelRows.BLUE),
  BGR(PixelRows.BLUE, PixelRows.GREEN, PixelRows.RED),
  /** One sample, the brightness, as by Pillow's {@code convert("L")}. */
  GREY(PixelRows.RED);

  @SuppressWarnings("ImmutableEnumChecker") // never modified
  private final int[] shifts;

  Channels(int... shifts) {
    this.shifts = shifts;
  }

  /** Returns the text for messages: {@code red, green, blue}. */
  public String words() {
    return this == GREY ? "grey" : this == RGB ? "red, green, blue" : "blue, green, red";
  }

  /** Returns the samples per pixel. */
  public int count() {
    return shifts.length;
  }

  /** Returns the position of the lowest bit of a channel's sample in a packed pixel. */
  int shift(int channel) {
    return shifts[channel];
  }

  /** Returns which of red (0), green (1) and blue (2) a channel is. */
  float pick(Rgb numbers, int channel) {
    return switch (shifts[channel]) {
      case PixelRows.RED -> numbers.red();
      case PixelRows.GREEN -> numbers.green();
      default -> numbers.blue();
    };
  }
}
