package dev.glimpse.api.results;

import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestCounter;
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.results.Job;
import dev.glimpse.results.JobState;
import dev.glimpse.results.Results;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;

/** Admits requests that are answered later, as others are admitted, and keeps them as jobs. */
@ApplicationScoped
public class JobAdmission {

  private final WorkerPool workers;
  private final RequestExecutor executor;
  private final RequestCounter counter;
  private final Results results;
  private final PendingAdds adds = new PendingAdds();

  JobAdmission(WorkerPool workers, ServingMetrics metrics, Results results) {
    this.workers = workers;
    this.executor = new RequestExecutor(workers, metrics);
    this.counter = new RequestCounter(metrics);
    this.results = results;
  }

  /** A request that has been parsed, and its body. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record NewJob(Job job, byte[] body) {}

  /**
   * Admits a request, reads and parses it, and keeps it. Its images are counted when they are
   * worked on, and the request itself only if it fails.
   *
   * @return fails with a {@link dev.glimpse.failure.ServingException} if it is not kept
   * @throws dev.glimpse.failure.ServingException OVERLOADED or NOT_READY if it is not admitted
   */
  CompletionStage<JobState> accept(IncomingRequest<NewJob> request) {
    RequestContext context = executor.admit(request);
    return executor
        .readBody(request, context, context.permit()::clientGone)
        .thenCompose(body -> workers.submit(context.permit(), permit -> request.parse(body.take())))
        .thenCompose(parsed -> adds.start(() -> results.add(parsed.job(), parsed.body())))
        .whenComplete((state, failure) -> {
          context.permit().close();
          if (failure != null) {
            counter.count(null, failure);
          }
        });
  }
}
