package dev.glimpse;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Tensor;
import dev.glimpse.explain.ExplanationSwitch;
import dev.glimpse.explain.TensorVectors;
import dev.glimpse.explain.VectorSession;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.ServingMetrics.Step;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.FeatureGraph;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.FeatureGraphs;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.Prediction;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.pipeline.RequestTimer;
import dev.glimpse.pipeline.TensorCall;
import dev.glimpse.pipeline.TensorImages;
import dev.glimpse.pipeline.TensorRequest;
import dev.glimpse.pipeline.TensorScores;
import dev.glimpse.pipeline.TensorValidator;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Runs a graph on tensors as they are, and returns its outputs. Encoded images in place of an image
 * classifier's input are classified as {@link Classifier} does, by {@link TensorImages}. Requests
 * for vectors take the graph that {@link Embedder} takes, without batching.
 */
@ApplicationScoped
public class TensorInference {

  private static final Logger LOG = Logger.getLogger(TensorInference.class);

  /** Bodies up to this size, such as the tensor of a few images, are parsed quickly. */
  private static final int USUAL_BYTES = 2_500_000;

  /** The time that parsing takes per byte of a larger body, most likely numbers in JSON. */
  private static final long NANOS_PER_BYTE = 50;

  private final ModelRegistry models;
  private final ServingMetrics metrics;
  private final RequestExecutor executor;
  private final TensorImages images;
  private final TensorVectors vectors;
  private final ExplanationSwitch vectorsEnabled;
  private final RequestMemory memory;
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
    this.images =
        new TensorImages(
            new ImageInference(decoder, workers.clock(), listeners.needBrightness()),
            workers,
            metrics,
            listeners,
            config.batch().maxImages());
    this.vectors = new TensorVectors(images, decoder, workers.clock(), metrics, listeners);
    this.vectorsEnabled = new ExplanationSwitch(config);
    this.listeners = listeners;
    this.memory = memory;
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
          Optional<FeatureGraph> graph = FeatureGraphs.ifOpen(model);
          return context.inTurn(parsingNanos(context), () -> infer(call, graph, context));
        });
  }

  private static long parsingNanos(RequestContext context) {
    int bytes = context.bodyBytes();
    return bytes <= USUAL_BYTES ? 0 : NANOS_PER_BYTE * bytes;
  }

  /**
   * Reserves memory for what is parsed, which tensors keep until they have run. If a graph has to
   * be opened first, what is parsed is dropped, and parsed again afterwards.
   *
   * @param graph gives vectors; empty if it is not open
   */
  private <B, A> CompletionStage<A> infer(
      TensorCall<B, A> call, Optional<FeatureGraph> graph, RequestContext context) {
    Model model = context.model();
    TensorRequest<B> request;
    Reservation reserved =
        call.heapBytes().isPresent()
            ? memory.forTensors(call.heapBytes().getAsLong(), context.bodyBytes())
            : memory.forParsing(context.bodyBytes());
    try {
      request = call.parse(model);
      Set<String> outputs = TensorValidator.outputs(request);
      context.permit().throwIfCancelled(); // parsing a large body may have used up the time
      boolean holdsImages = TensorValidator.holdsImages(model, request.inputs());
      if (holdsImages) {
        TensorValidator.requireScoresOnly(model, request.ofGraph());
      } else {
        new TensorValidator(model).check(request.inputs());
      }
      if (request.vector().isPresent()) {
        vectorsEnabled.requireOn();
      }
      if (!holdsImages && (request.vector().isEmpty() || graph.isPresent())) {
        return CompletableFuture.completedStage(
            call.encode(request, run(request, outputs, graph, context)));
      }
    } finally {
      reserved.close();
    }
    // Decoding reserves memory of its own, and a thread that holds some must not wait for more.
    if (request.vector().isEmpty()) {
      return images
          .scores(request.inputs().get(0), context)
          .thenApply(scores -> call.encode(request, List.of(scores)));
    }
    if (graph.isEmpty()) {
      return FeatureGraphs.open(
          context,
          opened ->
              context.inTurn(
                  parsingNanos(context), () -> infer(call, Optional.of(opened), context)));
    }
    return vectors
        .outputs(request, VectorSession.of(model, graph.get()), context)
        .thenApply(outputs -> call.encode(request, outputs));
  }

  private List<Tensor> run(
      TensorRequest<?> request,
      Set<String> outputs,
      Optional<FeatureGraph> graph,
      RequestContext context) {
    Model model = context.model();
    List<Tensor> inputs = request.inputs();
    RequestTimer timer = context.timer();
    List<Tensor> results;
    long before = timer.totalNanos();
    if (request.vector().isPresent()) {
      VectorSession session = VectorSession.of(model, graph.orElseThrow());
      String vector = request.vector().get();
      results = run(model, inputs, () -> session.run(inputs, outputs, vector));
    } else {
      results = run(model, inputs, () -> model.session().run(inputs, outputs));
    }
    long total = timer.totalNanos();
    Timing timing = new Timing(timer.queueNanos(), 0, 0, total - before, total);
    metrics.took(Step.QUEUE, model.name(), model.versionName(), timing.queue());
    metrics.took(Step.INFERENCE, model.name(), model.versionName(), timing.inference());
    metrics.took(Step.TOTAL, model.name(), model.versionName(), timing.total());
    context.worked(timing, 0);
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
        listeners.publish(() -> Prediction.ofOutput(context, row, rows.get(row), timing));
      }
    }
  }

  private static List<Tensor> run(Model model, List<Tensor> inputs, Supplier<List<Tensor>> graph) {
    try {
      return graph.get();
    } catch (EngineException e) {
      LOG.tracef(e, "%s did not run on %s", model.name(), inputs);
      throw new ServingException(
          Failure.UNFIT_TENSOR,
          "The graph of \"%s\" cannot be run on these tensors: their values, or their open dimensions, do not suit it."
              .formatted(model.name()),
          e);
    }
  }
}
