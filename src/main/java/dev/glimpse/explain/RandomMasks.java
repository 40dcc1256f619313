package dev.glimpse.explain;

import java.util.SplittableRandom;

/**
 * Hides random parts, as RISE (<a href="https://arxiv.org/abs/1806.07421">Petsiuk et al.</a>) does:
 * each mask is a small grid of zeros and ones, enlarged bilinearly and shifted by less than one of
 * its cells. A part's number is the mean score of the masks that keep it.
 */
final class RandomMasks implements Masks {

  private static final int COUNT = 400;
  private static final int LEAST = 100;
  private static final int CELLS = 7;
  private static final double KEPT = 0.5;
  private static final int SIDE = 28;
  private static final long SEED = 19;

  private final int width;
  private final int height;
  private final MaskedScores scores;

  RandomMasks(int width, int height) {
    this.width = width;
    this.height = height;
    this.scores = new MaskedScores(SIDE, width, height);
  }

  @Override
  public int count() {
    return COUNT;
  }

  @Override
  public int least() {
    return LEAST;
  }

  @Override
  public void fill(int index, float[] kept) {
    SplittableRandom random = new SplittableRandom(SEED + index);
    float[] cells = new float[(CELLS + 2) * (CELLS + 2)];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = random.nextDouble() < KEPT ? 1 : 0;
    }
    double shiftX = random.nextDouble();
    double shiftY = random.nextDouble();
    for (int y = 0; y < height; y++) {
      double row = (double) y / height * CELLS + shiftY;
      for (int x = 0; x < width; x++) {
        kept[y * width + x] = at(cells, (double) x / width * CELLS + shiftX, row);
      }
    }
  }

  /** Interpolates between four cells. */
  private static float at(float[] cells, double x, double y) {
    int column = (int) x;
    int row = (int) y;
    int first = row * (CELLS + 2) + column;
    double right = x - column;
    double down = y - row;
    double upper = cells[first] + (cells[first + 1] - cells[first]) * right;
    int below = first + CELLS + 2;
    double lower = cells[below] + (cells[below + 1] - cells[below]) * right;
    return (float) (upper + (lower - upper) * down);
  }

  @Override
  public void add(float[] kept, double score, double whole) {
    scores.add(kept, false, score);
  }

  @Override
  public ClassMap map() {
    return scores.map();
  }
}
