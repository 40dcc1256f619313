package dev.glimpse.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Hides one square part after the other, as <a href="https://arxiv.org/abs/1311.2901">Zeiler and
 * Fergus</a> do: first large ones that together cover the image, then smaller ones, in an order in
 * which any number of them covers it about evenly. A part's number is by how much the score falls
 * when it is hidden, on average.
 */
final class SlidingMasks implements Masks {

  private static final int SIDE = 14;
  private static final long SEED = 19;

  /** A square of so many parts, and by how many it is shifted. */
  private static final int LARGE = 4;

  private static final int LARGE_STEP = 2;
  private static final int SMALL = 3;

  private record Square(int column, int row, int size) {}

  private final int width;
  private final int height;
  private final List<Square> squares;
  private final int least;
  private final MaskedScores scores;

  SlidingMasks(int width, int height) {
    this.width = width;
    this.height = height;
    this.squares = squares(LARGE, LARGE_STEP);
    this.least = squares.size();
    List<Square> small = squares(SMALL, 1);
    Collections.shuffle(small, new Random(SEED));
    squares.addAll(small);
    this.scores = new MaskedScores(SIDE, width, height);
  }

  private static List<Square> squares(int size, int step) {
    List<Square> squares = new ArrayList<>();
    for (int row = -1;
        row < SIDE - 1;
        row += step) { // beyond the edges, so that these count as much
      for (int column = -1; column < SIDE - 1; column += step) {
        squares.add(new Square(column, row, size));
      }
    }
    return squares;
  }

  @Override
  public int count() {
    return squares.size();
  }

  @Override
  public int least() {
    return least;
  }

  @Override
  public void fill(int index, float[] kept) {
    Square square = squares.get(index);
    Arrays.fill(kept, 1);
    int left = within(square.column) * width / SIDE;
    int right = within(square.column + square.size) * width / SIDE;
    int bottom = within(square.row + square.size) * height / SIDE;
    for (int y = within(square.row) * height / SIDE; y < bottom; y++) {
      Arrays.fill(kept, y * width + left, y * width + right, 0);
    }
  }

  private static int within(int part) {
    return Math.min(Math.max(part, 0), SIDE);
  }

  @Override
  public void add(float[] kept, double score, double whole) {
    scores.add(kept, true, whole - score);
  }

  @Override
  public ClassMap map() {
    return scores.map();
  }
}
