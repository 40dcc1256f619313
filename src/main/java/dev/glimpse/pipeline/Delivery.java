package dev.glimpse.pipeline;

import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * One request's wait for a picture that is elsewhere: it has left its worker, and comes back to one
 * when the picture is here. Its place stays taken, its deadline holds, and nobody goes on bringing
 * a picture that is no longer wanted.
 */
public final class Delivery {

  private final WorkerPool workers;
  private final Permit permit;
  private final long waited;
  private final long started = System.nanoTime();

  public Delivery(WorkerPool workers, Permit permit, long waited) {
    this.workers = workers;
    this.permit = permit;
    this.waited = waited;
  }

  /** What is to be done with the picture, on a worker. */
  @FunctionalInterface
  public interface Work<T> {

    /**
     * Begins it.
     *
     * @param waited nanoseconds in the queue and for the picture
     */
    CompletionStage<T> begin(byte[] picture, long waited);
  }

  public <T> CompletionStage<T> of(Supplier<CompletableFuture<byte[]>> coming, Work<T> work) {
    CompletableFuture<byte[]> picture = coming.get();
    permit.whenUnwanted(picture::completeExceptionally);
    return picture.thenCompose(bytes ->
        workers.resume(permit, () -> work.begin(bytes, waited + System.nanoTime() - started)));
  }
}
