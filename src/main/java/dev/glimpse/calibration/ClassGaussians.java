package dev.glimpse.calibration;

import dev.glimpse.postprocess.DistanceTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fits one normal distribution to the vectors of each class, with a covariance that all classes
 * share: see {@link DistanceTest}.
 */
final class ClassGaussians {

  /** Enough directions: further ones hardly tell images apart, and make the file larger. */
  static final int MOST_DIRECTIONS = 64;

  /** How many images there are for each direction, at least. */
  private static final int IMAGES_PER_DIRECTION = 4;

  /** How much of the covariance is replaced by one that is the same in all directions. */
  static final double SHRINKAGE = 0.05;

  private static final double LEAST_RESIDUAL = 1e-3;
  private static final double NOTHING = 1e-12;

  private final double[] mean;
  private final double[][] centred;
  private final double[][] basis;

  private ClassGaussians(double[] mean, double[][] centred, double[][] basis) {
    this.mean = mean;
    this.centred = centred;
    this.basis = basis;
  }

  /**
   * Fits them; the test has a threshold of 0.
   *
   * @param images with vectors of two numbers or more
   * @param byClass whether each class has a mean of its own; otherwise one stands for all
   * @param directions the most that have a variance of their own; see {@link #directions}
   * @return empty if all vectors are the same
   */
  static Optional<DistanceTest> fit(
      List<LabeledOutput> images, String tensor, boolean byClass, int directions) {
    double[][] rows =
        images.stream().map(one -> DistanceTest.unit(one.vector())).toArray(double[][]::new);
    double[] mean = mean(Arrays.asList(rows));
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] -= mean[i];
      }
    }
    double[][] basis = PrincipalComponents.of(rows, directions);
    return basis.length == 0
        ? Optional.empty()
        : new ClassGaussians(mean, rows, basis).test(images, tensor, byClass);
  }

  /** Returns how many directions so many images tell. */
  static int directions(int images, int dimensions) {
    return Math.min(MOST_DIRECTIONS, Math.min(dimensions, images / IMAGES_PER_DIRECTION));
  }

  private Optional<DistanceTest> test(List<LabeledOutput> images, String tensor, boolean byClass) {
    double[][] along = new double[centred.length][];
    double outside = 0;
    for (int r = 0; r < along.length; r++) {
      along[r] = coordinates(basis, centred[r]);
      outside +=
          PrincipalComponents.dot(centred[r], centred[r])
              - PrincipalComponents.dot(along[r], along[r]);
    }
    TreeMap<Integer, List<double[]>> classes = new TreeMap<>();
    for (int r = 0; r < along.length; r++) {
      int group = byClass ? images.get(r).actual() : 0;
      classes.computeIfAbsent(group, index -> new ArrayList<>()).add(along[r]);
    }
    double[][] centres =
        classes.values().stream().map(ClassGaussians::mean).toArray(double[][]::new);
    SymmetricEigen shared = SymmetricEigen.of(shrunk(covariance(classes, centres)));
    if (shared.values()[shared.values().length - 1] <= NOTHING) {
      return Optional.empty();
    }
    return Optional.of(
        new DistanceTest(
            tensor,
            floats(mean),
            floats(PrincipalComponents.turned(shared.vectors(), basis)),
            floats(shared.values()),
            (float) residual(outside),
            Arrays.stream(centres)
                .map(centre -> floats(coordinates(shared.vectors(), centre)))
                .toArray(float[][]::new),
            0));
  }

  /**
   * Returns the mean variance in the other directions. It is not much less than in all, as the
   * floats of the basis are rounded.
   *
   * @param outside what of the squared lengths of all rows is outside of the basis
   */
  private double residual(double outside) {
    double all = 0;
    for (double[] row : centred) {
      all += PrincipalComponents.dot(row, row);
    }
    double least = LEAST_RESIDUAL * all / centred.length / mean.length;
    int others = mean.length - basis.length;
    return others == 0 ? least : Math.max(least, outside / centred.length / others);
  }

  private static double[][] covariance(Map<Integer, List<double[]>> classes, double[][] centres) {
    int size = centres[0].length;
    double[][] sum = new double[size][size];
    int group = 0;
    int count = 0;
    for (List<double[]> members : classes.values()) {
      for (double[] member : members) {
        add(sum, member, centres[group]);
        count++;
      }
      group++;
    }
    for (double[] row : sum) {
      for (int i = 0; i < size; i++) {
        row[i] /= Math.max(1, count - centres.length);
      }
    }
    return sum;
  }

  private static void add(double[][] sum, double[] member, double[] centre) {
    for (int i = 0; i < centre.length; i++) {
      for (int j = 0; j < centre.length; j++) {
        sum[i][j] += (member[i] - centre[i]) * (member[j] - centre[j]);
      }
    }
  }

  /** Ledoit and Wolf's target, with a fixed share. */
  private static double[][] shrunk(double[][] covariance) {
    double trace = 0;
    for (int i = 0; i < covariance.length; i++) {
      trace += covariance[i][i];
    }
    for (int i = 0; i < covariance.length; i++) {
      for (int j = 0; j < covariance.length; j++) {
        covariance[i][j] *= 1 - SHRINKAGE;
      }
      covariance[i][i] += SHRINKAGE * trace / covariance.length;
    }
    return covariance;
  }

  private static double[] mean(List<double[]> rows) {
    double[] mean = new double[rows.get(0).length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.size();
      }
    }
    return mean;
  }

  private static double[] coordinates(double[][] basis, double[] row) {
    return Arrays.stream(basis)
        .mapToDouble(direction -> PrincipalComponents.dot(direction, row))
        .toArray();
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  private static float[][] floats(double[][] rows) {
    return Arrays.stream(rows).map(ClassGaussians::floats).toArray(float[][]::new);
  }
}
