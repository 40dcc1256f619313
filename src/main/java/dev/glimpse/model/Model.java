package dev.glimpse.model;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ClassGroups;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.recipe.Fact;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Holds a model that is loaded, warmed up and ready to serve. Thread-safe until it is closed.
 *
 * @param name the name that requests give
 * @param version 1 or more
 * @param session the open graph; owned
 * @param classificationTask how it classifies images; empty: it takes tensors only
 * @param facts what was read from its folder, with the source of each value; computed on demand
 */
public record Model(
    String name,
    int version,
    Session session,
    Optional<ClassificationTask> classificationTask,
    Supplier<List<Fact>> facts)
    implements AutoCloseable {

  /**
   * Returns what turns pixels into the input tensor.
   *
   * @throws ServingException INVALID_PARAMETER if the model takes tensors only; so do {@link
   *     #activation}, {@link #labels} and {@link #batcher}
   */
  public Preprocessor preprocessor() {
    return requireTask().preprocessor();
  }

  /** Returns what turns the graph's output into probabilities. */
  public Activation activation() {
    return requireTask().activation();
  }

  /** Returns whether its probabilities are of classes that exclude each other, and add up to 1. */
  public boolean exclusive() {
    return requireTask().exclusive();
  }

  /** Returns the names of the classes. */
  public Labels labels() {
    return requireTask().labels();
  }

  /** Returns what runs images in batches; empty: each image is run alone. */
  public Optional<DynamicBatcher> batcher() {
    return requireTask().batcher();
  }

  /** Returns how its output becomes scores, and when a class is uncertain. */
  public ScoreCalibration calibration() {
    return requireTask().calibration();
  }

  /** Returns what tells images that are unlike those of its classes. */
  public Optional<DistanceTest> distance() {
    return requireTask().distance();
  }

  /** Returns the groups of its classes. */
  public ClassGroups groups() {
    return requireTask().groups();
  }

  /** Returns the graph that explains its scores; empty if its file cannot be read again. */
  public Optional<LazyFeatureGraph> featureGraph() {
    return requireTask().featureGraph();
  }

  /** Returns what identifies the files that it was loaded from; gives nothing if not known. */
  public Supplier<Optional<String>> digest() {
    return requireTask().digest();
  }

  private ClassificationTask requireTask() {
    return classificationTask.orElseThrow(() ->
        ServingException.invalid(
            "model",
            "does not classify images: \"%s\" takes tensors, at /v2/models/%s/infer"
                .formatted(name, name)));
  }

  /** Returns the version as text, e.g. {@code 1}. */
  public String versionName() {
    return Integer.toString(version);
  }

  /** Describes the graph's inputs, e.g. {@code pixel_values float[?,3,160,160]}. */
  public String describeInputs() {
    return words(session.inputs());
  }

  /** Describes the graph's outputs, e.g. {@code logits float[?,5]}. */
  public String describeOutputs() {
    return classificationTask.isPresent() ? session.output().toString() : words(session.outputs());
  }

  private static String words(List<TensorSpec> tensors) {
    return tensors.stream().map(TensorSpec::toString).collect(Collectors.joining(", "));
  }

  /** Frees the graph. May be called more than once. */
  @Override
  public void close() {
    classificationTask.flatMap(ClassificationTask::batcher).ifPresent(DynamicBatcher::close);
    classificationTask.flatMap(ClassificationTask::featureGraph).ifPresent(LazyFeatureGraph::close);
    session.close();
  }
}
