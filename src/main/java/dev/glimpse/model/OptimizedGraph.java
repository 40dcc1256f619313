package dev.glimpse.model;

import dev.glimpse.engine.GraphFacts;
import dev.glimpse.recipe.Fact;
import java.nio.file.Path;

/**
 * Holds a graph that was optimized ahead of time. It lies in the model's folder, with a {@link
 * PreparationRecord}. It is used only if the record still matches and the graph gives the scores of
 * the exported graph; otherwise the exported graph is loaded.
 *
 * @param file {@link #GRAPH} or {@link #LARGE_GRAPH}
 * @param exported what the exported graph's file says
 * @param scores the exported graph's scores for the first image of {@link GraphWarmUp}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by agrees
record OptimizedGraph(Path file, GraphFacts exported, float[] scores) {

  /** In ONNX Runtime's own format, with its weights. */
  static final String GRAPH = "model.prepared.ort";

  /** An ONNX file whose weights are in {@link #DATA}, for graphs that may be too large for one. */
  static final String LARGE_GRAPH = "model.prepared.onnx";

  static final String DATA = "model.prepared.data";

  /** How far a score may deviate from the exported graph's, as a fraction of their range. */
  private static final double TOLERANCE = 1e-3;

  /** Returns the file's name. */
  String name() {
    return file.getFileName().toString();
  }

  /** Returns whether the weights are in {@link #DATA}. */
  boolean twoFiles() {
    return name().equals(LARGE_GRAPH);
  }

  /** Describes the file, for people. */
  Fact fact() {
    return new Fact("prepared", twoFiles() ? name() + ", " + DATA : name(), PreparationRecord.FILE);
  }

  /** Returns whether these scores match the exported graph's within the tolerance. */
  boolean agrees(float[] other) {
    return other.length == scores.length && ScoreComparison.of(scores, other, 0, TOLERANCE);
  }
}
