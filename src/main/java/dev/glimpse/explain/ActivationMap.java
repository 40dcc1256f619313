package dev.glimpse.explain;

import dev.glimpse.engine.ClassifierHead.Linear;
import dev.glimpse.engine.ClassifierHead.Pooling;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.engine.TensorValues;
import java.util.Optional;

/**
 * Computes class activation maps of a feature map: the sum of its channels, weighted as the linear
 * layer behind the pooling weights them for the class. The mean of such a map and the layer's bias
 * add up to the class's logit. Where the linear layer is before the pooling, the class's own
 * channel is its map.
 */
final class ActivationMap {

  private final Pooling pooling;
  private final int columns;
  private final int rows;
  private final int channels;
  private final float[] features;

  private ActivationMap(Pooling pooling, TensorSpec spec, float[] features) {
    this.pooling = pooling;
    this.channels = size(spec, pooling.channelsLast() ? 3 : 1);
    this.rows = size(spec, pooling.channelsLast() ? 1 : 2);
    this.columns = size(spec, pooling.channelsLast() ? 2 : 3);
    this.features = features;
  }

  private static int size(TensorSpec spec, int dimension) {
    return Math.toIntExact(spec.dimension(dimension));
  }

  /**
   * Takes a feature map.
   *
   * @param map of one image
   * @param scores how many numbers the graph makes of it
   * @return empty if it does not suit the layers, so that they are not what they seemed to be
   */
  static Optional<ActivationMap> of(Pooling pooling, Tensor map, int scores) {
    if (map.spec().rank() != 4 || map.spec().dimension(0) != 1) {
      return Optional.empty();
    }
    ActivationMap made =
        new ActivationMap(pooling, map.spec(), TensorValues.of(map, Optional.empty()));
    boolean fits =
        pooling
            .linear()
            .map(linear -> linear.features() == made.channels && linear.classes() == scores)
            .orElse(made.channels == scores);
    boolean covered = pooling.covers(made.rows, made.columns);
    return fits && covered ? Optional.of(made) : Optional.empty();
  }

  /** Returns the map of one of the graph's scores. */
  ClassMap of(int score) {
    float[] values = new float[rows * columns];
    if (pooling.linear().isEmpty()) {
      add(values, score, 1);
    } else {
      Linear linear = pooling.linear().get();
      for (int k = 0; k < channels; k++) {
        add(values, k, linear.weights()[score * channels + k]);
      }
    }
    return new ClassMap(columns, rows, values);
  }

  private void add(float[] values, int channel, float weight) {
    int step = pooling.channelsLast() ? channels : 1;
    int first = pooling.channelsLast() ? channel : channel * values.length;
    for (int i = 0; i < values.length; i++) {
      values[i] += weight * features[first + i * step];
    }
  }
}
