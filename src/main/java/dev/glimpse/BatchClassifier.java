package dev.glimpse;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.BatchFanOut;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestCounter;
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.registry.ModelLease;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.AsyncTask;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Classifies the images of one request, each as {@link Classifier} does, and counted as if it were
 * a request of its own.
 */
@ApplicationScoped
public class BatchClassifier {

  private final Classifier classifier;
  private final WorkerPool workers;
  private final ModelRegistry models;
  private final RequestExecutor executor;
  private final RequestCounter counter;

  BatchClassifier(
      Classifier classifier, WorkerPool workers, ModelRegistry models, ServingMetrics metrics) {
    this.classifier = classifier;
    this.workers = workers;
    this.models = models;
    this.executor = new RequestExecutor(workers, metrics);
    this.counter = new RequestCounter(metrics);
  }

  /**
   * Holds a parsed request for several images.
   *
   * @param common the parameters of all images; its own image is ignored
   * @param images at least one; each supplies the request for one image, once, on a worker, or
   *     throws the failure of this image
   */
  public record Content(
      ClassificationRequest common, List<Supplier<ClassificationRequest>> images) {}

  /**
   * Holds the outcome of one image; exactly one component is null.
   *
   * @param result its classes
   * @param failure why it could not be classified
   */
  public record Outcome(@Nullable ClassificationResult result, @Nullable Throwable failure) {}

  /**
   * Admits a request, reads it, and classifies its images as workers become free. Returns at once;
   * any thread may call it.
   *
   * @param request its id picks the version, for all images, where several share a model's traffic;
   *     images that are not finished within its timeout fail, the others do not
   * @return in the order of the images; fails with a {@link ServingException} if the request itself
   *     is wrong, so that no image can be classified
   * @throws ServingException OVERLOADED or NOT_READY if the request is not admitted; its body has
   *     not been read then
   */
  public CompletionStage<List<Outcome>> classify(IncomingRequest<Content> request) {
    RequestContext context = executor.admit(request);
    BatchFanOut fanOut = new BatchFanOut(workers, context.permit());
    return executor
        .readBody(request, context, fanOut::clientGone)
        .thenCompose(body ->
            workers.submit(
                context.permit(), permit -> start(request.parse(body.take()), fanOut, context)))
        .whenComplete((started, failure) -> {
          context.permit().close();
          if (failure != null) { // otherwise its images are counted
            counter.count(null, failure);
          }
        })
        .thenCompose(BatchClassifier::outcomes);
  }

  private List<CompletableFuture<ClassificationResult>> start(
      Content content, BatchFanOut fanOut, RequestContext context) {
    ClassificationRequest common = content.common();
    ModelLease lease = models.lease(common.model(), common.version(), context.id());
    try {
      context.setModel(lease.model());
      ResultOptions.of(
          common.options(), lease.model()); // what is wrong with all images fails the request
      List<CompletableFuture<ClassificationResult>> results =
          start(content, fanOut, context, lease);
      CompletableFuture<Void> unused =
          CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
              .whenComplete((all, failure) -> lease.close());
      return results;
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  private List<CompletableFuture<ClassificationResult>> start(
      Content content, BatchFanOut fanOut, RequestContext context, ModelLease lease) {
    Model model = lease.model();
    List<Supplier<ClassificationRequest>> images = content.images();
    List<AsyncTask<ClassificationResult>> tasks =
        IntStream.range(0, images.size())
            .<AsyncTask<ClassificationResult>>mapToObj(
                i -> permit -> classify(images.get(i), lease, context.ofImage(i, permit)))
            .toList();
    int batchSize = model.batcher().map(DynamicBatcher::maxSize).orElse(1);
    int maxSlots = Math.max(workers.workers(), batchSize);
    return fanOut.start(tasks, maxSlots, context.permit().next()).stream()
        .map(result -> result.whenComplete((classes, failure) -> counter.count(model, failure)))
        .toList();
  }

  /** Takes a lease of its own, because an image's work may outlast the request. */
  private CompletionStage<ClassificationResult> classify(
      Supplier<ClassificationRequest> image, ModelLease lease, RequestContext context) {
    return lease
        .another()
        .during(model -> {
          ClassificationRequest request = image.get();
          context.start().setModel(model);
          return classifier.withImage(request, context);
        });
  }

  private static CompletionStage<List<Outcome>> outcomes(
      List<CompletableFuture<ClassificationResult>> results) {
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .handle((all, failure) ->
            results.stream().map(result -> result.handle(Outcome::new).join()).toList());
  }
}
