package dev.glimpse.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Finds the directions in which rows of numbers vary most, by subspace iteration (Golub and Van
 * Loan, Matrix Computations, 8.2.4), which needs no matrix of all pairs of dimensions.
 */
final class PrincipalComponents {

  /** More directions than asked for make it converge faster. */
  private static final int MORE = 8;

  private static final int STEPS = 100;
  private static final double CONVERGED = 1e-11;
  private static final double NOTHING = 1e-9;

  /** Rows that are taken, evenly: more hardly change the directions. */
  private static final int MOST_ROWS = 1000;

  private final double[][] rows;
  private final int dimensions;

  private PrincipalComponents(double[][] rows) {
    this.rows = rows;
    this.dimensions = rows[0].length;
  }

  /**
   * Returns directions of length 1 at right angles to each other, that of the largest variance
   * first: as many as asked for, or fewer, if the rows vary in fewer.
   *
   * @param rows with a mean of zero; not changed
   * @param count at most as many as the rows have numbers
   */
  static double[][] of(double[][] rows, int count) {
    return new PrincipalComponents(some(rows)).find(count);
  }

  private static double[][] some(double[][] rows) {
    if (rows.length <= MOST_ROWS) {
      return rows;
    }
    double[][] some = new double[MOST_ROWS][];
    for (int i = 0; i < some.length; i++) {
      some[i] = rows[(int) ((long) i * rows.length / some.length)];
    }
    return some;
  }

  private double[][] find(int count) {
    double[][] basis = orthonormal(random(Math.min(count + MORE, dimensions)));
    double before = 0;
    for (int step = 0; step < STEPS; step++) {
      double[][] along = projected(basis);
      double variance = variance(along);
      if (variance - before <= CONVERGED * variance) {
        break;
      }
      before = variance;
      basis = orthonormal(combined(along));
    }
    double[][] along = projected(basis);
    SymmetricEigen eigen = SymmetricEigen.of(products(along));
    double[][] turned = turned(eigen.vectors(), basis);
    double least = NOTHING * Math.max(eigen.values().length == 0 ? 0 : eigen.values()[0], 0);
    int varying = 0;
    while (varying < Math.min(count, turned.length) && eigen.values()[varying] > least) {
      varying++;
    }
    return Arrays.copyOf(turned, varying);
  }

  private double[][] random(int count) {
    Random random = new Random(1); // so that a second fit is equal
    double[][] drawn = new double[count][dimensions];
    for (double[] row : drawn) {
      for (int i = 0; i < dimensions; i++) {
        row[i] = random.nextGaussian();
      }
    }
    return drawn;
  }

  /** Returns the rows' coordinates, one array for each direction. */
  private double[][] projected(double[][] basis) {
    double[][] along = new double[basis.length][rows.length];
    for (int i = 0; i < basis.length; i++) {
      for (int r = 0; r < rows.length; r++) {
        along[i][r] = dot(basis[i], rows[r]);
      }
    }
    return along;
  }

  /** Returns sums of rows, each as often as it lies along a direction. */
  private double[][] combined(double[][] along) {
    double[][] sums = new double[along.length][dimensions];
    for (int i = 0; i < along.length; i++) {
      for (int r = 0; r < rows.length; r++) {
        add(sums[i], along[i][r], rows[r]);
      }
    }
    return sums;
  }

  private static double variance(double[][] along) {
    double sum = 0;
    for (double[] one : along) {
      sum += dot(one, one);
    }
    return sum;
  }

  private static double[][] products(double[][] along) {
    double[][] products = new double[along.length][along.length];
    for (int i = 0; i < along.length; i++) {
      for (int j = 0; j <= i; j++) {
        products[i][j] = dot(along[i], along[j]);
        products[j][i] = products[i][j];
      }
    }
    return products;
  }

  /** Multiplies two matrices. */
  static double[][] turned(double[][] by, double[][] basis) {
    double[][] turned = new double[by.length][basis.length == 0 ? 0 : basis[0].length];
    for (int i = 0; i < by.length; i++) {
      for (int j = 0; j < basis.length; j++) {
        add(turned[i], by[i][j], basis[j]);
      }
    }
    return turned;
  }

  /** Orthonormalizes rows (modified Gram-Schmidt, twice), and drops those that depend on others. */
  private static double[][] orthonormal(double[][] rows) {
    List<double[]> kept = new ArrayList<>();
    for (double[] row : rows) {
      double length = Math.sqrt(dot(row, row));
      for (int pass = 0; pass < 2; pass++) {
        for (double[] other : kept) {
          add(row, -dot(other, row), other);
        }
      }
      double left = Math.sqrt(dot(row, row));
      if (left > NOTHING * length) {
        for (int i = 0; i < row.length; i++) {
          row[i] /= left;
        }
        kept.add(row);
      }
    }
    return kept.toArray(double[][]::new);
  }

  private static void add(double[] sum, double factor, double[] row) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * row[i];
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
