package dev.glimpse.pipeline;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import dev.glimpse.workers.AsyncTask;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Submits the images of one request to the workers, each as if it were a request of its own.
 *
 * <p>A request is admitted with one slot, whatever it holds. When an image is finished, its slot
 * passes to the next image, which goes to the end of the queue: so single requests that wait get
 * run in between, and each image of an admitted request is answered. To use all workers it takes
 * more slots, one per worker (or one per image of a full batch), but only while half of the queue
 * is free, so that it never keeps single requests out.
 */
public final class BatchFanOut {

  private final WorkerPool workers;
  private final AtomicInteger submitted = new AtomicInteger();
  private final AtomicInteger slots = new AtomicInteger();
  private final Queue<Permit> permits = new ConcurrentLinkedQueue<>();
  private volatile List<AsyncTask<ClassificationResult>> tasks = List.of();
  private volatile List<CompletableFuture<ClassificationResult>> results = List.of();
  private volatile boolean clientGone;

  /**
   * Creates a fan-out without images.
   *
   * @param permit of the request
   */
  public BatchFanOut(WorkerPool workers, Permit permit) {
    this.workers = workers;
    permits.add(permit);
  }

  /**
   * Submits the first images. Call it once.
   *
   * @param images the task for each image
   * @param maxSlots how many slots the request may take
   * @param permit of the request, passed on by the task that has read the request
   * @return the results, in the order of the images
   */
  public List<CompletableFuture<ClassificationResult>> start(
      List<AsyncTask<ClassificationResult>> images, int maxSlots, Permit permit) {
    tasks = List.copyOf(images);
    results =
        Stream.generate(CompletableFuture<ClassificationResult>::new).limit(tasks.size()).toList();
    slots.incrementAndGet();
    submitNext(permit);
    while (slots.get() < maxSlots && submitted.get() < tasks.size()) {
      Optional<Permit> more = permit.another();
      if (more.isEmpty()) {
        break;
      }
      slots.incrementAndGet();
      submitNext(more.get());
    }
    return results;
  }

  /** Cancels the images that have not been started, because the client has disconnected. */
  public void clientGone() {
    clientGone = true;
    permits.forEach(Permit::clientGone);
  }

  /** Submits the next image with this slot, or releases the slot. */
  private void submitNext(Permit permit) {
    int number = submitted.getAndIncrement();
    if (number >= tasks.size()) {
      permit.close();
      slots.decrementAndGet();
      return;
    }
    permits.add(permit);
    if (clientGone) {
      permit.clientGone();
    }
    AtomicBoolean passedOn = new AtomicBoolean();
    CompletionStage<ClassificationResult> done =
        workers.submitAsync(
            permit,
            running ->
                AsyncFailures.start(() -> tasks.get(number).run(running))
                    .whenComplete((result, failure) -> passOn(running, passedOn)));
    var unused =
        done.whenComplete((result, failure) -> {
          permits.remove(permit);
          if (failure != null && !passedOn.get()) {
            loseSlot(failure);
          }
          AsyncFailures.complete(results.get(number), result, failure);
        });
  }

  /** Passes the slot on while the task still has it: it is released together with the task. */
  private void passOn(Permit permit, AtomicBoolean passedOn) {
    try {
      Permit next = permit.next();
      passedOn.set(true);
      submitNext(next);
    } catch (ServingException e) {
      passedOn.set(true);
      loseSlot(e);
    }
  }

  /** Fails all images that have not been submitted, if this was the last slot. */
  private void loseSlot(Throwable why) {
    if (slots.decrementAndGet() > 0) {
      return;
    }
    for (int i = submitted.getAndIncrement(); i < tasks.size(); i = submitted.getAndIncrement()) {
      results.get(i).completeExceptionally(why);
    }
  }
}
