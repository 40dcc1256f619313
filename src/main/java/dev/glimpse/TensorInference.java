package dev.glimpse;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.ServingMetrics.Step;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.Prediction;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.pipeline.RequestTimer;
import dev.glimpse.pipeline.TensorCall;
import dev.glimpse.pipeline.TensorRequest;
import dev.glimpse.pipeline.TensorScores;
import dev.glimpse.pipeline.TensorValidator;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Runs a graph on tensors as they are, and returns its outputs. Encoded images in place of an image
 * classifier's input are classified as {@link Classifier} does, one after the other, between which
 * other requests get their turns, and returned as the graph's scores, as a tensor of as many images
 * would be.
 */
@ApplicationScoped
public class TensorInference {

  private static final Logger LOG = Logger.getLogger(TensorInference.class);

  /**
   * A body of up to so many bytes, such as the tensor of an image or of some, takes no long time.
   */
  private static final int USUAL_BYTES = 2_500_000;

  /** What reading a byte of a large body takes, which is most likely numbers in JSON. */
  private static final long NANOS_PER_BYTE = 50;

  private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

  private final ModelRegistry models;
  private final ServingMetrics metrics;
  private final RequestExecutor executor;
  private final ImageInference images;
  private final int maxImages;
  private final RequestMemory memory;
  private final WorkerPool workers;
  private final PredictionListeners listeners;

  TensorInference(
      WorkerPool workers,
      ModelRegistry models,
      ImageDecoder decoder,
      ServingMetrics metrics,
      GlimpseConfig config,
      RequestMemory memory,
      PredictionListeners listeners) {
    this.models = models;
    this.metrics = metrics;
    this.executor = new RequestExecutor(workers, metrics);
    this.images = new ImageInference(decoder, workers.clock(), listeners.needBrightness());
    this.listeners = listeners;
    this.memory = memory;
    this.workers = workers;
    this.maxImages = config.batch().maxImages();
  }

  /**
   * Admits a request, reads it, and runs its call on a worker. Otherwise as {@link
   * Classifier#classify}.
   *
   * @throws ServingException OVERLOADED or NOT_READY if the request is not admitted; its body has
   *     not been read then
   */
  public <B, A> CompletionStage<A> infer(IncomingRequest<TensorCall<B, A>> request) {
    return executor.execute(request, this::withModel);
  }

  private <B, A> CompletionStage<A> withModel(TensorCall<B, A> call, RequestContext context) {
    return models
        .lease(call.model(), call.version(), context.id())
        .during(model -> {
          context.setModel(model);
          int bytes = context.bodyBytes();
          long nanos = bytes <= USUAL_BYTES ? 0 : NANOS_PER_BYTE * bytes;
          return context.inTurn(nanos, () -> infer(call, context));
        });
  }

  /** Reserves memory for what is parsed, which tensors keep until they have run. */
  private <B, A> CompletionStage<A> infer(TensorCall<B, A> call, RequestContext context) {
    Model model = context.model();
    TensorRequest<B> request;
    Reservation reserved = memory.forParsing(context.bodyBytes());
    try {
      request = call.parse(model);
      Set<String> outputs = outputs(request);
      context.permit().throwIfCancelled(); // parsing a large body may have used up the time
      if (!TensorValidator.holdsImages(model, request.inputs())) {
        new TensorValidator(model).check(request.inputs());
        return CompletableFuture.completedStage(
            call.encode(request, run(request.inputs(), outputs, context)));
      }
    } finally {
      reserved.close();
    }
    // Decoding reserves memory itself, which none that holds some may wait for.
    TensorValidator.requireScoresOnly(model, request.outputs());
    return scores(request.inputs().get(0), context)
        .thenApply(scores -> call.encode(request, List.of(scores)));
  }

  private static Set<String> outputs(TensorRequest<?> request) {
    Model model = request.model();
    Set<String> known =
        model.session().outputs().stream()
            .map(TensorSpec::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<String> requested = new LinkedHashSet<>(request.outputs());
    if (requested.size() != request.outputs().size()) {
      throw ServingException.invalid("outputs", "must name each output once");
    }
    if (!known.containsAll(requested)) {
      throw ServingException.invalid(
          "outputs",
          "must be among those of \"%s\": %s".formatted(model.name(), String.join(", ", known)));
    }
    return requested.isEmpty() ? known : requested;
  }

  private List<Tensor> run(List<Tensor> inputs, Set<String> outputs, RequestContext context) {
    Model model = context.model();
    RequestTimer timer = context.timer();
    long before = timer.totalNanos();
    List<Tensor> results = run(model, inputs, outputs);
    long total = timer.totalNanos();
    Timing timing = new Timing(timer.queueNanos(), 0, 0, total - before, total);
    metrics.took(Step.QUEUE, model.name(), model.versionName(), timing.queue());
    metrics.took(Step.INFERENCE, model.name(), model.versionName(), timing.inference());
    metrics.took(Step.TOTAL, model.name(), model.versionName(), timing.total());
    context.trace().worked(timing, 0);
    tell(results, timing, context);
    return results;
  }

  private void tell(List<Tensor> results, Timing timing, RequestContext context) {
    if (listeners.isEmpty()) {
      return;
    }
    List<float[]> rows = TensorScores.rows(context.model(), results);
    for (int i = 0; i < rows.size(); i++) {
      int row = i;
      if (rows.get(row).length > 0) {
        listeners.tell(
            () -> Prediction.ofOutput(context, row, rows.get(row), Optional.empty(), timing));
      }
    }
  }

  private static List<Tensor> run(Model model, List<Tensor> inputs, Set<String> outputs) {
    try {
      return model.session().run(inputs, outputs);
    } catch (EngineException e) {
      LOG.tracef(e, "%s did not run on %s", model.name(), inputs);
      throw new ServingException(
          Failure.UNFIT_TENSOR,
          "The graph of \"%s\" cannot be run on these tensors: their values, or their open dimensions, do not suit it."
              .formatted(model.name()),
          e);
    }
  }

  private CompletionStage<Tensor> scores(Tensor tensor, RequestContext context) {
    List<CompletableFuture<float[]>> scores = new ArrayList<>();
    String output = context.model().session().output().name();
    return startAll(TensorValidator.images(tensor, maxImages).iterator(), scores, context)
        .handle((started, failure) -> {
          // Those already started may be in a batch, and need the model until it has run.
          var all = CompletableFuture.allOf(scores.toArray(CompletableFuture[]::new));
          return failure == null
              ? all
              : all.thenCompose(ran -> CompletableFuture.<Void>failedFuture(failure));
        })
        .thenCompose(all -> all)
        .thenApply(
            all -> Tensor.ofRows(output, scores.stream().map(CompletableFuture::join).toList()));
  }

  /** Starts one image after the other; while other requests wait, each is a turn of its own. */
  private CompletionStage<Void> startAll(
      Iterator<byte[]> images, List<CompletableFuture<float[]>> scores, RequestContext context) {
    while (images.hasNext()) {
      byte[] image = images.next();
      CompletableFuture<Boolean> started =
          context
              .inTurn(
                  this.images.nanos(context.model(), new ImageFile(Bytes.of(image))),
                  () -> CompletableFuture.completedFuture(start(image, scores, context)))
              .toCompletableFuture();
      if (!started.isDone() || started.isCompletedExceptionally()) { // a turn of its own
        return started.thenCompose(well ->
            well && images.hasNext()
                ? context.resume(() -> startAll(images, scores, context))
                : DONE);
      }
      if (!started.join()) {
        break;
      }
      if (images.hasNext() && workers.waiting() > 0) {
        return context.resume(() -> startAll(images, scores, context));
      }
    }
    return DONE;
  }

  /** Starts an image; returns false if it has failed at once. */
  private boolean start(
      byte[] image, List<CompletableFuture<float[]>> scores, RequestContext context) {
    CompletableFuture<float[]> started = start(image, scores.size(), context);
    scores.add(started);
    return !started.isCompletedExceptionally();
  }

  private CompletableFuture<float[]> start(byte[] image, int position, RequestContext context) {
    Model model = context.model();
    RequestTimer timer = context.timer().restarted();
    try {
      context.permit().throwIfCancelled();
      return images
          .run(model, new ImageFile(Bytes.of(image)), context.permit())
          .thenApply(scores -> {
            Timing timing = timer.timing(scores);
            metrics.took(model.name(), model.versionName(), timing, false);
            context.trace().worked(timing, scores.batchQueueNanos());
            listeners.tell(() ->
                Prediction.ofOutput(context, position, scores.values(), scores.image(), timing));
            return scores.values();
          })
          .toCompletableFuture();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
