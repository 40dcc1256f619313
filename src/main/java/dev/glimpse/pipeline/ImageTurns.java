package dev.glimpse.pipeline;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.image.ImageFile;
import dev.glimpse.workers.WorkerPool;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;

/**
 * Works on the images of a request one after the other. While other requests wait, each image is a
 * turn of its own. For one request.
 *
 * @param <T> what is made of each image
 */
public final class ImageTurns<T> {

  private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

  private final RequestContext context;
  private final WorkerPool workers;
  private final ToLongFunction<ImageFile> nanos;
  private final Work<T> work;
  private final List<CompletableFuture<T>> started = new ArrayList<>();

  /** Works on an image. */
  @FunctionalInterface
  public interface Work<T> {

    /**
     * Starts the work, on a worker; it may finish later, on another thread.
     *
     * @param position the image's place in the request, from 0
     */
    CompletableFuture<T> start(ImageFile image, int position);
  }

  /**
   * Starts nothing yet.
   *
   * @param nanos for how long an image will keep a worker busy, about
   */
  public ImageTurns(
      RequestContext context, WorkerPool workers, ToLongFunction<ImageFile> nanos, Work<T> work) {
    this.context = context;
    this.workers = workers;
    this.nanos = nanos;
    this.work = work;
  }

  /**
   * Works on images until one fails. Call it once, on a worker.
   *
   * @return what is made of each, in their order; completed when all work that was started has
   *     ended, also if it fails
   */
  public CompletionStage<List<T>> run(List<byte[]> images) {
    return startAll(images.iterator())
        .handle((all, failure) -> {
          // Those already started may be in a batch, and need the model until it has run.
          var ended = CompletableFuture.allOf(started.toArray(CompletableFuture[]::new));
          return failure == null
              ? ended
              : ended.thenCompose(ran -> CompletableFuture.<Void>failedFuture(failure));
        })
        .thenCompose(all -> all)
        .thenApply(all -> started.stream().map(CompletableFuture::join).toList());
  }

  private CompletionStage<Void> startAll(Iterator<byte[]> images) {
    while (images.hasNext()) {
      ImageFile image = new ImageFile(Bytes.of(images.next()));
      CompletableFuture<Boolean> turn =
          context
              .inTurn(
                  nanos.applyAsLong(image), () -> CompletableFuture.completedFuture(start(image)))
              .toCompletableFuture();
      if (!turn.isDone() || turn.isCompletedExceptionally()) { // a turn of its own
        return turn.thenCompose(
            well -> well && images.hasNext() ? context.resume(() -> startAll(images)) : DONE);
      }
      if (!turn.join()) {
        break;
      }
      if (images.hasNext() && workers.waiting() > 0) {
        return context.resume(() -> startAll(images));
      }
    }
    return DONE;
  }

  /** Starts an image; returns false if it has failed at once. */
  private boolean start(ImageFile image) {
    CompletableFuture<T> result =
        AsyncFailures.start(
                () -> {
                  context.permit().throwIfCancelled();
                  return work.start(image, started.size());
                })
            .toCompletableFuture();
    started.add(result);
    return !result.isCompletedExceptionally();
  }
}
