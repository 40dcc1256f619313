package dev.glimpse.preprocess;

import dev.glimpse.image.Window;
import dev.glimpse.preprocess.Preprocessing.Size;

/**
 * Holds the weights for scaling an image along both axes.
 *
 * @param columns for the pixels of a row
 * @param rows for the pixels of a column
 * @param columnsFirst whether the columns are scaled first, and then the rows
 */
record Scaling(Weights columns, Weights rows, boolean columnsFirst) {

  /**
   * Computes the weights for a part of a scaled image.
   *
   * @param from size of the image
   * @param to size of the whole scaled image
   * @param filter one that has weights, so not {@link Filter#NEAREST}
   * @param window the part to compute; lies inside the scaled image
   */
  static Scaling of(Size from, Size to, Filter filter, Passes passes, Window window) {
    // Pillow omits a pass that keeps the length. Its weights would be 1 and zeros.
    boolean shrinks = to.width() <= from.width() && to.height() <= from.height();
    return new Scaling(
        weights(filter, shrinks, from.width(), to.width(), window.x(), window.width()),
        weights(filter, shrinks, from.height(), to.height(), window.y(), window.height()),
        passes.columnsFirst(from.width(), from.height(), to.width(), to.height()));
  }

  /** Returns the same scaling, of other rows. */
  Scaling withRows(Weights others) {
    return new Scaling(columns, others, columnsFirst);
  }

  private static Weights weights(
      Filter filter, boolean shrinks, int from, int to, int offset, int length) {
    if (filter != Filter.AREA) {
      return Weights.of(filter, from, to, offset, length);
    }
    return shrinks
        ? Weights.ofArea(from, to, offset, length)
        : Weights.ofEnlargedArea(from, to, offset, length);
  }
}
