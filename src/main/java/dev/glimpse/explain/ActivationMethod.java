package dev.glimpse.explain;

import dev.glimpse.engine.ClassifierHead.Pooling;
import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorValues;
import dev.glimpse.model.FeatureGraph;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.postprocess.Classification;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Explains a score by the class activation map, of one run of the graph. */
public final class ActivationMethod {

  private final Model model;
  private final ResultOptions options;
  private final Optional<Integer> asked;
  private final LongSupplier clock;

  /**
   * Explains scores of a model, which must stay open.
   *
   * @param asked the place of the class; empty: the best
   * @param clock nanoseconds
   */
  public ActivationMethod(
      Model model, ResultOptions options, Optional<Integer> asked, LongSupplier clock) {
    this.model = model;
    this.options = options;
    this.asked = asked;
    this.clock = clock;
  }

  /** Returns whether a graph ends so that it may have class activation maps. */
  public static boolean suits(FeatureGraph graph) {
    return graph.session().isPresent() && graph.head().pooling().isPresent();
  }

  /**
   * Runs the graph, on the calling thread.
   *
   * @param graph one that {@linkplain #suits suits}
   * @return empty if the run shows that it has no class activation maps
   * @throws EngineException if the graph fails
   */
  public Optional<Explanation> explain(FeatureGraph graph, PreparedImage image) {
    Pooling pooling = graph.head().pooling().orElseThrow();
    Session session = graph.session().orElseThrow();
    String scores = session.output().name();
    long started = clock.getAsLong();
    List<Tensor> outputs =
        session.run(List.of(image.tensor()), new LinkedHashSet<>(List.of(scores, pooling.map())));
    long ran = clock.getAsLong() - started;
    float[] output = TensorValues.of(outputs.get(0), session.dequantization());
    float[] all = options.scores(output);
    Classification explained = ClassChoice.of(options, output, all, asked);
    return ActivationMap.of(pooling, outputs.get(1), output.length)
        .map(map -> map(map, explained.index()))
        .map(map ->
            new Explanation(
                explained,
                options.best(output, all),
                Method.CAM,
                1,
                map,
                image.view(),
                new Explanation.Times(image.decodeNanos(), image.preprocessNanos(), ran)));
  }

  /** Returns a class's map; of two classes with one score, the first is against it. */
  private ClassMap map(ActivationMap map, int index) {
    if (!model.activation().makesTwo()) {
      return map.of(index);
    }
    ClassMap second = map.of(0);
    return index == 1 ? second : second.negated();
  }
}
