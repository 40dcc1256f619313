package dev.glimpse;

import dev.glimpse.engine.Tensor;
import dev.glimpse.explain.Embedding;
import dev.glimpse.explain.EmbeddingRequest;
import dev.glimpse.explain.PreparedImage;
import dev.glimpse.explain.VectorSession;
import dev.glimpse.explain.Vectors;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.FeatureGraph;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.FeatureGraphs;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.pipeline.RequestImages;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes vectors (embeddings) of images: the input of a classifier's last layer. Requests take the
 * same way as in {@link Classifier}, without the cache and without batching.
 */
@ApplicationScoped
public class Embedder {

  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final ModelRegistry models;
  private final ImageDecoder decoder;
  private final RequestExecutor executor;
  private final RequestImages images;
  private final ImageInference inference;

  Embedder(
      WorkerPool workers,
      ModelRegistry models,
      ImageDecoder decoder,
      ServingMetrics metrics,
      RequestMemory memory) {
    this.workers = workers;
    this.metrics = metrics;
    this.models = models;
    this.decoder = decoder;
    this.executor = new RequestExecutor(workers, metrics);
    this.images = new RequestImages(memory);
    this.inference = new ImageInference(decoder, workers.clock());
  }

  /**
   * Admits a request, reads it, and makes the vector of its image on a worker. Otherwise as {@link
   * Classifier#classify}.
   *
   * @throws ServingException OVERLOADED or NOT_READY if the request is not admitted; its body has
   *     not been read then
   */
  public CompletionStage<Embedding> embed(IncomingRequest<EmbeddingRequest> request) {
    return executor.execute(request, this::withModel);
  }

  private CompletionStage<Embedding> withModel(EmbeddingRequest request, RequestContext context) {
    return models
        .lease(request.classification().model(), request.classification().version(), context.id())
        .during(model -> {
          context.setModel(model);
          model.preprocessor(); // fails before a download if it takes no images
          return images.with(
              request.classification(),
              context,
              image -> embed(image, request.normalized(), context));
        });
  }

  private CompletionStage<Embedding> embed(
      ImageFile image, boolean normalized, RequestContext context) {
    return FeatureGraphs.open(
        context,
        graph ->
            context.inTurn(
                inference.estimateNanos(context.model(), image),
                () -> CompletableFuture.completedStage(run(graph, image, normalized, context))));
  }

  private Embedding run(
      FeatureGraph graph, ImageFile image, boolean normalized, RequestContext context) {
    Model model = context.model();
    VectorSession session = VectorSession.of(model, graph);
    PreparedImage prepared =
        PreparedImage.of(decoder, model, image, context.permit(), workers.clock());
    long started = workers.clock().getAsLong();
    List<Tensor> outputs =
        session.session().run(List.of(prepared.tensor()), Set.of(session.tensor()));
    long ran = workers.clock().getAsLong() - started;
    float[] vector = Vectors.of(outputs.get(0));
    Timing timing = context.timer().timing(prepared.decodeNanos(), prepared.preprocessNanos(), ran);
    context.worked(timing, 0);
    metrics.explained("embed", model.name(), model.versionName(), timing.total());
    return new Embedding(
        model.name(), model.version(), normalized ? Vectors.normalized(vector) : vector, timing);
  }
}
