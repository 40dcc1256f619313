package dev.glimpse.model;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.recipe.Fact;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A model that is loaded, warmed up and ready to serve. Any thread may use it until it is closed.
 *
 * @param name the name it is asked for by
 * @param version 1 or more
 * @param session its graph; owned
 * @param vision how it is shown pictures; empty: it takes tensors only
 * @param facts what was understood of its folder, and who says so; worked out when somebody wants
 *     to know
 */
public record Model(
    String name,
    int version,
    Session session,
    Optional<ClassificationTask> vision,
    Supplier<List<Fact>> facts)
    implements AutoCloseable {

  /**
   * Pixels to its input tensor.
   *
   * @throws ServingException INVALID_PARAMETER if it takes no pictures, as do the next three
   */
  public Preprocessor preprocessor() {
    return requireVision().preprocessor();
  }

  /** Its scores to probabilities. */
  public Activation activation() {
    return requireVision().activation();
  }

  /** The names of its classes. */
  public Labels labels() {
    return requireVision().labels();
  }

  /** Runs pictures together; empty: each is run alone. */
  public Optional<DynamicBatcher> batcher() {
    return requireVision().batcher();
  }

  private ClassificationTask requireVision() {
    return vision.orElseThrow(() ->
        ServingException.invalid(
            "model",
            "takes no pictures: \"%s\" takes tensors, at /v2/models/%s/infer"
                .formatted(name, name)));
  }

  /** Its version as it is written: {@code 1}. */
  public String versionName() {
    return Integer.toString(version);
  }

  /** What the graph takes, as people write it: {@code pixel_values float[?,3,160,160]}. */
  public String input() {
    return words(session.inputs());
  }

  /** What comes out of it, as people write it: {@code logits float[?,5]}. */
  public String output() {
    return vision.isPresent() ? session.output().toString() : words(session.outputs());
  }

  private static String words(List<TensorSpec> tensors) {
    return tensors.stream().map(TensorSpec::toString).collect(Collectors.joining(", "));
  }

  /** Frees the graph. Closing twice does no harm. */
  @Override
  public void close() {
    vision.flatMap(ClassificationTask::batcher).ifPresent(DynamicBatcher::close);
    session.close();
  }
}
