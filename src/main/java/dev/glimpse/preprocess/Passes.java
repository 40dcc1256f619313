package dev.glimpse.preprocess;

/**
 * Says in what order an image is scaled: along its rows or along its columns first. There are 8
 * bits between the passes, so the order changes some samples.
 */
public enum Passes {

  /** As Pillow 12.3: columns first if the image is more than 100 times as tall as wide. */
  PILLOW_12 {
    @Override
    boolean columnsFirst(int width, int height, int toWidth, int toHeight) {
      return height > 100L * width && toHeight < height;
    }
  },

  /** As Pillow 13: columns first if the height loses more than twice what the width loses. */
  PILLOW_13 {
    @Override
    boolean columnsFirst(int width, int height, int toWidth, int toHeight) {
      return toHeight < height && height - toHeight > 2L * (width - toWidth);
    }
  };

  /** Returns whether the columns are scaled first. */
  abstract boolean columnsFirst(int width, int height, int toWidth, int toHeight);
}
