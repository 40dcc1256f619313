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
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.registry.ModelLease;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.AsyncTask;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The way of several pictures in one request: each goes the way of {@link Classifier}, and is
 * counted, as if it had come alone.
 */
@ApplicationScoped
public class BatchClassifier {

  private final Classifier classifier;
  private final WorkerPool workers;
  private final ModelRegistry models;
  private final ServingMetrics metrics;

  BatchClassifier(
      Classifier classifier, WorkerPool workers, ModelRegistry models, ServingMetrics metrics) {
    this.classifier = classifier;
    this.workers = workers;
    this.models = models;
    this.metrics = metrics;
  }

  /**
   * What somebody wants to know of several pictures.
   *
   * @param common the same question of each; its own picture does not count
   * @param pictures at least one; each supplies the question with its picture, once, on a worker,
   *     or throws what this picture fails with
   */
  public record Questions(
      ClassificationRequest common, List<Supplier<ClassificationRequest>> pictures) {}

  /**
   * What came of one picture: the one or the other.
   *
   * @param answer what is in it
   * @param failure why that cannot be said
   */
  public record Outcome(@Nullable ClassificationResult answer, @Nullable Throwable failure) {}

  /**
   * Takes a place, hears the questions, and answers them as workers become free. Returns at once;
   * any thread may call it.
   *
   * @param request its id picks the version, for all images, where several share a model's traffic;
   *     images that are not done within its timeout fail, the others do not
   * @return in the order of the pictures; fails with a {@link ServingException} if no picture can
   *     be answered, because of what is asked
   * @throws ServingException OVERLOADED or NOT_READY if there is no place; nothing has been read
   */
  public CompletionStage<List<Outcome>> classify(IncomingRequest<Questions> request) {
    String id = request.id();
    RequestContext asked = new RequestContext(metrics, id);
    Permit permit;
    try {
      permit = workers.admit(request.timeout());
    } catch (ServingException e) {
      asked.ended(e);
      throw e;
    }
    BatchFanOut series = new BatchFanOut(workers, permit);
    return RequestExecutor.read(request, series::clientGone)
        .thenCompose(body ->
            workers.submit(
                permit, (wanted, waited) -> begin(request.parse(body), series, id, wanted)))
        .whenComplete((begun, failure) -> {
          permit.close();
          if (failure != null) { // or else its pictures are counted
            asked.ended(failure);
          }
        })
        .thenCompose(BatchClassifier::outcomes);
  }

  private List<CompletableFuture<ClassificationResult>> begin(
      Questions questions, BatchFanOut series, String id, Permit permit) {
    ClassificationRequest common = questions.common();
    ModelLease lease = models.lease(common.model(), common.version(), id);
    try {
      ResultOptions.of(
          common, lease.model()); // what is wrong with every picture is so with the request
      List<CompletableFuture<ClassificationResult>> answers =
          begin(questions, series, id, lease, permit);
      CompletableFuture<Void> unused =
          CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
              .whenComplete((all, failed) -> lease.close());
      return answers;
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  private List<CompletableFuture<ClassificationResult>> begin(
      Questions questions, BatchFanOut series, String id, ModelLease lease, Permit permit) {
    Model model = lease.model();
    List<RequestContext> asked = new ArrayList<>();
    List<AsyncTask<ClassificationResult>> tasks = new ArrayList<>();
    for (Supplier<ClassificationRequest> picture : questions.pictures()) {
      RequestContext one = new RequestContext(metrics, id);
      one.of(model);
      asked.add(one);
      tasks.add((wanted, waited) ->
          // Its own, as a picture may be worked on for longer than anybody waits for it.
          lease
              .another()
              .during(leased -> classifier.answer(picture.get(), leased, one, wanted, waited)));
    }
    int atATime =
        Math.max(workers.workers(), model.batcher().map(DynamicBatcher::maxSize).orElse(1));
    List<CompletableFuture<ClassificationResult>> answers =
        series.start(tasks, atATime, permit.next());
    return IntStream.range(0, tasks.size())
        .mapToObj(
            i -> answers.get(i).whenComplete((answer, failure) -> asked.get(i).ended(failure)))
        .toList();
  }

  private static CompletionStage<List<Outcome>> outcomes(
      List<CompletableFuture<ClassificationResult>> answers) {
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .handle((all, failed) ->
            answers.stream().map(answer -> answer.handle(Outcome::new).join()).toList());
  }
}
