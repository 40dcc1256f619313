package dev.glimpse;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics.Step;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.pipeline.TensorValidator;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The way of tensors: into the graph as they are, and out of it as they come. Pictures in the place
 * of an image classifier's input go the way of {@link Classifier} and come out as the graph's
 * scores, one after the other on one worker, as a tensor of as many pictures would.
 */
@ApplicationScoped
public class TensorInference {

  private static final Logger LOG = Logger.getLogger(TensorInference.class);

  private final Classifier classifier;
  private final ModelRegistry models;
  private final ServingMetrics metrics;
  private final RequestExecutor reception;
  private final int maxPictures;

  TensorInference(
      Classifier classifier,
      WorkerPool workers,
      ModelRegistry models,
      ServingMetrics metrics,
      GlimpseConfig config) {
    this.classifier = classifier;
    this.models = models;
    this.metrics = metrics;
    this.reception = new RequestExecutor(workers, metrics);
    this.maxPictures = config.batch().maxImages();
  }

  /** What somebody wants run. All of it is called on a worker, in the order of these methods. */
  public interface Call<T> {

    /** Which model to run; empty: the default. */
    Optional<String> model();

    /** Which version of it; empty: the highest. */
    Optional<Integer> version();

    /** One tensor for each of the model's inputs; or, for an image classifier, encoded pictures. */
    List<Tensor> inputs(Model model);

    /** The names of the outputs that are wanted, each once; none: all. */
    List<String> outputs();

    /** What to make of the outputs, which are in the order of the names, or the graph's own. */
    T answer(Model model, List<Tensor> outputs);
  }

  /**
   * Takes a place, hears a call, and runs it on a worker as soon as one is free. Otherwise as
   * {@link Classifier#classify}.
   *
   * @throws ServingException OVERLOADED or NOT_READY if there is no place; nothing has been read
   */
  public <T> CompletionStage<T> infer(IncomingRequest<Call<T>> request) {
    return reception.receive(request, this::run);
  }

  private <T> CompletionStage<T> run(
      Call<T> call, RequestContext asked, Permit permit, long waited) {
    return models
        .lease(call.model(), call.version(), asked.id())
        .during(model -> run(call, model, asked, permit, waited));
  }

  private <T> CompletionStage<T> run(
      Call<T> call, Model model, RequestContext asked, Permit permit, long waited) {
    asked.of(model);
    long started = System.nanoTime();
    List<Tensor> inputs = call.inputs(model);
    Set<String> wanted = wanted(call.outputs(), model);
    permit.requireWanted(); // a large body may have taken all the time there was
    if (TensorValidator.holdsPictures(model, inputs)) {
      requireScoresOnly(call.outputs(), model);
      return pictures(model, inputs.get(0), permit, waited)
          .thenApply(scores -> call.answer(model, List.of(scores)));
    }
    new TensorValidator(model).check(inputs);
    long checked = System.nanoTime();
    List<Tensor> outputs = run(model, inputs, wanted);
    long ended = System.nanoTime();
    metrics.took(Step.QUEUE, model.name(), model.versionName(), waited);
    metrics.took(Step.INFERENCE, model.name(), model.versionName(), ended - checked);
    metrics.took(Step.TOTAL, model.name(), model.versionName(), waited + ended - started);
    return CompletableFuture.completedStage(call.answer(model, outputs));
  }

  private static Set<String> wanted(List<String> names, Model model) {
    Set<String> known =
        model.session().outputs().stream()
            .map(TensorSpec::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<String> wanted = new LinkedHashSet<>(names);
    if (wanted.size() != names.size()) {
      throw ServingException.invalid("outputs", "must name each output once");
    }
    if (!known.containsAll(wanted)) {
      throw ServingException.invalid(
          "outputs",
          "must be among those of \"%s\": %s".formatted(model.name(), String.join(", ", known)));
    }
    return wanted.isEmpty() ? known : wanted;
  }

  private static List<Tensor> run(Model model, List<Tensor> inputs, Set<String> wanted) {
    try {
      return model.session().run(inputs, wanted);
    } catch (EngineException e) {
      LOG.debugf(e, "%s did not run on %s", model.name(), inputs);
      throw new ServingException(
          Failure.UNFIT_TENSOR,
          "The graph of \"%s\" cannot be run on these tensors: their values, or their open dimensions, do not suit it."
              .formatted(model.name()),
          e);
    }
  }

  private static void requireScoresOnly(List<String> names, Model model) {
    String output = model.session().output().name();
    if (!names.isEmpty() && !names.equals(List.of(output))) {
      throw ServingException.invalid(
          "outputs",
          "must be \"%s\", as pictures are answered with nothing else".formatted(output));
    }
  }

  private CompletionStage<Tensor> pictures(
      Model model, Tensor pictures, Permit permit, long waited) {
    List<byte[]> files = TensorValidator.pictures(pictures, maxPictures);
    List<CompletableFuture<float[]>> scores = new ArrayList<>();
    for (byte[] file : files) {
      CompletableFuture<float[]> begun = begin(file, model, permit, waited);
      scores.add(begun);
      if (begun.isCompletedExceptionally()) {
        break; // what has begun may be in a batch, and needs the model until that has run
      }
    }
    return CompletableFuture.allOf(scores.toArray(CompletableFuture[]::new))
        .thenApply(all -> stacked(model.session().output().name(), scores));
  }

  private CompletableFuture<float[]> begin(byte[] file, Model model, Permit permit, long waited) {
    try {
      permit.requireWanted();
      return classifier
          .score(file, model, permit, waited)
          .thenApply(scored -> {
            classifier.record(model.name(), model.version(), scored.timing(), false);
            return scored.values();
          })
          .toCompletableFuture();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Tensor stacked(String name, List<CompletableFuture<float[]>> rows) {
    int classes = rows.get(0).join().length;
    ByteBuffer data =
        ByteBuffer.allocate(rows.size() * classes * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (CompletableFuture<float[]> row : rows) {
      for (float score : row.join()) {
        data.putFloat(score);
      }
    }
    List<Long> shape = List.of((long) rows.size(), (long) classes);
    return new Tensor(new TensorSpec(name, "float", shape), data.flip());
  }
}
