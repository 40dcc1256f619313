package dev.glimpse.api.results;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.IncomingRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Adapts an image of a job to the pipeline, as a request of its own whose client never goes.
 *
 * @param id the id of the job's request
 * @param path that the job's request was sent to
 * @param position the image's place in the job, from 0
 * @param size about how many bytes the image takes
 * @param request supplies what is asked of it; called on a worker
 */
record SpooledImage(
    String id,
    String path,
    int position,
    Duration timeout,
    int size,
    Supplier<ClassificationRequest> request)
    implements IncomingRequest<ClassificationRequest> {

  @Override
  public CompletionStage<Body> body(BodyProgress progress) {
    return CompletableFuture.completedStage(new Body(Bytes.NONE, size, () -> {}));
  }

  @Override
  public ClassificationRequest parse(Bytes body) {
    return request.get();
  }

  @Override
  public void onDisconnect(Runnable callback) {}
}
