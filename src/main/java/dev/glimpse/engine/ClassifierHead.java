package dev.glimpse.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Describes the head of a classifier: how the last layers of its graph make scores of a feature
 * map.
 *
 * @param vector the tensor that enters the last linear layer; empty if the graph has no such layer
 * @param pooling how a feature map becomes the vector or the scores; empty if the graph does not
 *     end so
 */
public record ClassifierHead(Optional<String> vector, Optional<Pooling> pooling) {

  /** Stands for a graph that ends in no known way. */
  static final ClassifierHead UNKNOWN = new ClassifierHead(Optional.empty(), Optional.empty());

  /**
   * Describes a global average pooling, behind which nothing but a linear layer and an activation
   * come.
   *
   * @param map the tensor that is pooled: of one image, one channel for each feature, or for each
   *     class if there is no linear layer behind it
   * @param channelsLast whether the channels are the last dimension, not the second
   * @param kernel the height and the width that are pooled; none: all of the map
   * @param linear the layer behind the pooling; empty if the linear layer, if any, is before it
   */
  public record Pooling(
      String map, boolean channelsLast, List<Long> kernel, Optional<Linear> linear) {

    /** Returns whether all of a map of this size is pooled, in one. */
    public boolean covers(int rows, int columns) {
      return kernel.isEmpty() || kernel.equals(List.of((long) rows, (long) columns));
    }
  }

  /**
   * Holds the weights of a linear layer, without its bias.
   *
   * @param classes how many numbers it makes
   * @param features of how many
   * @param weights those of class c and feature k at {@code c * features + k}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Linear(int classes, int features, float[] weights) {}

  /**
   * Finds the head of a graph. Reads the whole file.
   *
   * @param output the graph's output with the scores
   * @throws EngineException if the file cannot be read
   */
  public static ClassifierHead of(Path graph, String output) {
    try {
      return new HeadFinder(GraphNodes.read(graph)).find(output);
    } catch (IOException e) {
      throw new EngineException("The graph's nodes cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns the names of the tensors that a run has to give, besides the scores. */
  public Set<String> tensors() {
    Set<String> names = new LinkedHashSet<>();
    vector.ifPresent(names::add);
    pooling.map(Pooling::map).ifPresent(names::add);
    return names;
  }
}
