package dev.glimpse.explain;

/**
 * Makes a series of masks that each hide some of an image, and a map of what the scores become. The
 * same for every image of a size. For one thread at a time.
 */
interface Masks {

  /** Returns how many masks there are. */
  int count();

  /** Returns with how many of them, from the first on, there is a map. */
  int least();

  /**
   * Makes a mask.
   *
   * @param index from 0
   * @param kept receives how much is kept of each pixel, row by row: 1 all, 0 nothing
   */
  void fill(int index, float[] kept);

  /**
   * Adds what a mask has done; call it after {@link #fill}, once for each.
   *
   * @param score of the class with this mask
   * @param whole its score without one
   */
  void add(float[] kept, double score, double whole);

  /** Returns the map of what was added. */
  ClassMap map();
}
