package dev.glimpse.image.heif;

import dev.glimpse.image.Orientation;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/**
 * Says which part of a stored image is shown, and how it is turned then.
 *
 * @param left first column that is shown, in stored pixels
 * @param top first row that is shown, in stored pixels
 * @param width columns that are shown, before turning
 * @param height rows that are shown, before turning
 */
record Geometry(int left, int top, int width, int height, Orientation orientation) {

  private static final int CROP = Box.type("clap");
  private static final int ROTATION = Box.type("irot");
  private static final int MIRROR = Box.type("imir");

  /** What each angle means, in quarter turns to the left. */
  private static final Orientation[] ANGLES = {
    Orientation.UPRIGHT, Orientation.TURNED_LEFT, Orientation.TURNED_180, Orientation.TURNED_RIGHT
  };

  /** Shows all of an image. */
  static Geometry whole(int width, int height) {
    return new Geometry(0, 0, width, height, Orientation.UPRIGHT);
  }

  /** Tells whether a property changes what is shown. */
  static boolean isTransformation(Box property) {
    int type = property.type();
    return type == CROP || type == ROTATION || type == MIRROR;
  }

  /**
   * Applies a property after those before it; returns this one if it changes nothing.
   *
   * @param content of the property
   * @throws UnreadableImage if nothing of the image is left
   */
  Geometry with(Box property, ByteBuffer content) throws UnreadableImage {
    if (property.type() == CROP) {
      return cropped(content);
    }
    if (property.type() == ROTATION) {
      return turned(ANGLES[content.get(0) & 3]);
    }
    if (property.type() == MIRROR) {
      return turned((content.get(0) & 1) == 0 ? Orientation.FLIPPED : Orientation.MIRRORED);
    }
    return this;
  }

  private Geometry turned(Orientation next) {
    return new Geometry(left, top, width, height, orientation.then(next));
  }

  /** Crops the turned image as libheif does, which rounds columns down, and rows to the nearest. */
  private Geometry cropped(ByteBuffer clap) throws UnreadableImage {
    boolean transposed = orientation.transposes();
    int shownWidth = transposed ? height : width;
    int shownHeight = transposed ? width : height;
    double columns = fraction(clap, 0);
    double rows = fraction(clap, 8);
    int x = (int) (fraction(clap, 16) + (shownWidth - columns) / 2);
    int y = (int) Math.floor(fraction(clap, 24) + (shownHeight - rows) / 2 + 0.5);
    long right = Math.min(shownWidth, x + Math.round(columns));
    long bottom = Math.min(shownHeight, y + Math.round(rows));
    x = Math.max(x, 0);
    y = Math.max(y, 0);
    if (x >= right || y >= bottom) {
      throw new UnreadableImage("its crop leaves no pixels");
    }
    int cutWidth = (int) right - x;
    int cutHeight = (int) bottom - y;
    // Back to where these pixels are stored.
    int fromX = orientation.mirrorsX() ? shownWidth - x - cutWidth : x;
    int fromY = orientation.mirrorsY() ? shownHeight - y - cutHeight : y;
    return transposed
        ? new Geometry(left + fromY, top + fromX, cutHeight, cutWidth, orientation)
        : new Geometry(left + fromX, top + fromY, cutWidth, cutHeight, orientation);
  }

  private static double fraction(ByteBuffer in, int at) throws UnreadableImage {
    int denominator = in.getInt(at + 4);
    if (denominator <= 0) {
      throw new UnreadableImage("its crop is not a number");
    }
    return (double) in.getInt(at) / denominator;
  }
}
