package dev.glimpse.image.heif;

import dev.glimpse.image.UnreadableImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a file says about the image that it shows: a single coded image, or a grid of them.
 *
 * @param items the file's items
 * @param geometry what is shown of the canvas on which the tiles lie
 * @param columns of tiles, 1 without a grid
 * @param tiles row by row, all of the same size
 * @param alphas the transparency of each tile; empty without transparency
 * @param premultiplied whether colours are multiplied by their alpha already
 */
record HeifImage(
    HeifItems items,
    Geometry geometry,
    int columns,
    List<Item> tiles,
    List<Item> alphas,
    boolean premultiplied) {

  /**
   * Describes one coded image.
   *
   * @param id of the item
   * @param width in pixels, by the file's header
   * @param height in pixels, by the file's header
   * @param depth bits per sample
   * @param configuration {@code hvcC} or {@code av1C}
   * @param colours how YCbCr becomes RGB; null if only the coded image says it
   */
  record Item(
      int id,
      Kind kind,
      int width,
      int height,
      int depth,
      Box configuration,
      @Nullable Box colours) {

    UnreadableImage otherSize(long codedWidth, long codedHeight) {
      return new UnreadableImage(
          "its header says %d×%d pixels, and its coded image has %d×%d"
              .formatted(width, height, codedWidth, codedHeight));
    }
  }

  /** Returns how many pixels the tiles have, with those that a crop hides. */
  long decodedPixels() {
    Item tile = tiles.get(0);
    return (long) tile.width * tile.height * tiles.size();
  }
}
