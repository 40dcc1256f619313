package dev.glimpse.image.png;

import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Decodes the pixels of a PNG, without AWT so that native executables can do it too. Bytes after
 * the last pixel are ignored.
 */
final class PngDecoder {

  private PngDecoder() {}

  /**
   * Decodes at full size.
   *
   * @param header with the sides of the image, within the limits
   * @throws UnreadableImage if the file is truncated or corrupt
   */
  static Pixels decode(ByteBuffer file, ImageHeader header) throws UnreadableImage {
    PngChunks chunks = PngChunks.read(file);
    PngSamples samples = PngColourTypes.samples(chunks);
    List<Adam7> passes = chunks.interlaced() ? Adam7.PASSES : Adam7.ONE_PASS;
    int width = header.width();
    int height = header.height();
    chunks.require((rowLength(width, samples) + 1) * height);
    try (PngInflater inflater = new PngInflater(file, chunks)) {
      byte[] rgb = Pixels.allocate(width, height);
      for (Adam7 pass : passes) {
        if (pass.width(width) > 0) {
          readPass(pass, inflater, samples, width, height, rgb);
        }
      }
      return new Pixels(width, height, rgb);
    }
  }

  private static void readPass(
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

  /** Returns the length of a row in bytes, without the filter's number. */
  private static long rowLength(int columns, PngSamples samples) {
    return ((long) columns * samples.bits() + 7) / 8;
  }
}
