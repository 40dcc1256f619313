package dev.glimpse.pipeline;

import dev.glimpse.engine.Tensor;
import dev.glimpse.image.ImageFile;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.Model;
import dev.glimpse.workers.WorkerPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Works on the encoded images of a tensor, one after the other; other requests get their turns in
 * between. Any thread may call it.
 */
public final class TensorImages {

  private final ImageInference inference;
  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final PredictionListeners listeners;
  private final int maxImages;

  /**
   * Works on images by this inference.
   *
   * @param maxImages how many images a tensor may hold
   */
  public TensorImages(
      ImageInference inference,
      WorkerPool workers,
      ServingMetrics metrics,
      PredictionListeners listeners,
      int maxImages) {
    this.inference = inference;
    this.workers = workers;
    this.metrics = metrics;
    this.listeners = listeners;
    this.maxImages = maxImages;
  }

  /**
   * Classifies the images of a tensor. Call it on a worker.
   *
   * @param tensor of encoded images
   * @param context of the request, whose model is leased and classifies images
   * @return the graph's scores, a row for each image, as a tensor of as many images would give them
   */
  public CompletionStage<Tensor> scores(Tensor tensor, RequestContext context) {
    String output = context.model().session().output().name();
    return inTurn(tensor, context, (image, position) -> scores(image, position, context))
        .thenApply(scores -> Tensor.ofRows(output, scores));
  }

  private CompletableFuture<float[]> scores(ImageFile image, int position, RequestContext context) {
    Model model = context.model();
    RequestTimer timer = context.timer().restarted();
    return inference
        .run(model, image, context.permit())
        .thenApply(scores -> {
          Timing timing = timer.timing(scores);
          metrics.took(model.name(), model.versionName(), timing, false);
          context.worked(timing, scores.batchQueueNanos());
          listeners.publish(() -> Prediction.ofImage(context, position, scores, timing));
          return scores.values();
        })
        .toCompletableFuture();
  }

  /**
   * Works on the images of a tensor. Call it on a worker.
   *
   * @param tensor of encoded images
   * @param context of the request, whose model is leased and classifies images
   * @return what is made of each image, in their order
   */
  public <T> CompletionStage<List<T>> inTurn(
      Tensor tensor, RequestContext context, ImageTurns.Work<T> work) {
    Model model = context.model();
    return new ImageTurns<>(context, workers, image -> inference.estimateNanos(model, image), work)
        .run(TensorValidator.images(tensor, maxImages));
  }
}
