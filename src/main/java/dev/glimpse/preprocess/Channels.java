package dev.glimpse.preprocess;

import dev.glimpse.preprocess.Preprocessing.Rgb;

/** Which samples of a pixel a tensor holds, and in what order. */
public enum Channels {
  RGB(PixelRows.RED, PixelRows.GREEN, PixelRows.BLUE),
  BGR(PixelRows.BLUE, PixelRows.GREEN, PixelRows.RED),
  /** One sample, the brightness, as Pillow's {@code convert("L")} has it. */
  GREY(PixelRows.RED);

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
  private final int[] shifts;

  Channels(int... shifts) {
    this.shifts = shifts;
  }

  /** For people: {@code red, green, blue}. */
  public String words() {
    return this == GREY ? "grey" : this == RGB ? "red, green, blue" : "blue, green, red";
  }

  /** How many samples a pixel has. */
  public int count() {
    return shifts.length;
  }

  /** How far to the left of a pixel's lowest bit a channel's sample lies. */
  int shift(int channel) {
    return shifts[channel];
  }

  /** A channel's own number of the three. */
  float pick(Rgb numbers, int channel) {
    return switch (shifts[channel]) {
      case PixelRows.RED -> numbers.red();
      case PixelRows.GREEN -> numbers.green();
      default -> numbers.blue();
    };
  }
}
