package dev.glimpse.image;

import java.util.List;

/**
 * Decodes <a href="https://www.w3.org/TR/png-3/">PNG</a>, without AWT so that a native executable
 * can. Bytes after the last pixel are not looked at, and of an animation only the picture is shown
 * that a reader without animations shows.
 */
final class PngDecoder implements Decoder {

  @Override
  public long memory(byte[] bytes, ImageHeader header, double scale) {
    return header.pixels() * Pixels.SAMPLES;
  }

  @Override
  public Pixels decode(byte[] bytes, ImageHeader header, double scale) throws UnreadableImage {
    PngChunks chunks = PngChunks.read(bytes);
    PngSamples samples = PngSamples.of(chunks);
    List<Adam7> passes = chunks.interlaced() ? Adam7.PASSES : Adam7.ONE_PASS;
    int width = header.width();
    int height = header.height();
    try (PngInflater inflater = new PngInflater(bytes, chunks)) {
      inflater.require((rowLength(width, samples) + 1) * height);
      byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
      for (Adam7 pass : passes) {
        if (pass.width(width) > 0) {
          read(pass, inflater, samples, width, height, rgb);
        }
      }
      return new Pixels(width, height, rgb);
    }
  }

  private static void read(
      Adam7 pass, PngInflater inflater, PngSamples samples, int width, int height, byte[] rgb)
      throws UnreadableImage {
    int columns = pass.width(width);
    int rows = pass.height(height);
    int length = Math.toIntExact(rowLength(columns, samples));
    int step = Math.max(1, samples.bits() / 8);
    byte[] row = new byte[1 + length];
    byte[] above = new byte[1 + length];
    byte[] colours = new byte[pass.across() > 1 ? columns * 3 : 0];
    for (int y = 0; y < rows; y++) {
      inflater.read(row, 1 + length);
      PngFilter.undo(row, above, length, step);
      int at = ((pass.top() + y * pass.down()) * width + pass.left()) * 3;
      if (pass.across() == 1) {
        samples.toRgb(row, rgb, at, columns);
      } else {
        samples.toRgb(row, colours, 0, columns);
        scatter(colours, rgb, at, pass.across() * 3);
      }
      byte[] next = above;
      above = row;
      row = next;
    }
  }

  private static void scatter(byte[] colours, byte[] rgb, int at, int step) {
    for (int from = 0, to = at; from < colours.length; from += 3, to += step) {
      rgb[to] = colours[from];
      rgb[to + 1] = colours[from + 1];
      rgb[to + 2] = colours[from + 2];
    }
  }

  /** In bytes. */
  private static long rowLength(int columns, PngSamples samples) {
    return ((long) columns * samples.bits() + 7) / 8;
  }
}
