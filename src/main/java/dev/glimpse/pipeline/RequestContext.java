package dev.glimpse.pipeline;

import dev.glimpse.metrics.Timing;
import dev.glimpse.model.Model;
import dev.glimpse.tracing.RequestTrace;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds what belongs to an admitted request until it ends: its id, its permit, its timer and, once
 * it is known, its model. Continues the request on a worker, in its log context, after it has
 * waited for something asynchronous.
 */
public final class RequestContext {

  private final String id;
  private final String path;
  private final int position;
  private final Permit permit;
  private final WorkerPool workers;
  private final RequestTimer timer;
  private final RequestTrace trace;
  private final Consumer<String> onModel;

  /** Written by a worker, read by the thread that ends the request. */
  private volatile @Nullable Model model;

  private volatile int bodyBytes;

  /**
   * Creates the context of an admitted request.
   *
   * @param path that the request was sent to
   * @param position the image's place among those that were sent together, from 0
   * @param onModel receives the model's name when it is known
   */
  RequestContext(
      String id,
      String path,
      int position,
      Permit permit,
      WorkerPool workers,
      RequestTrace trace,
      Consumer<String> onModel) {
    this.trace = trace;
    this.onModel = onModel;
    this.id = id;
    this.path = path;
    this.position = position;
    this.permit = permit;
    this.workers = workers;
    this.timer = new RequestTimer(workers.clock());
  }

  /** Starts the timer. Call it on the worker, when the request has been parsed. */
  public RequestContext start() {
    timer.start(permit.queueNanos());
    return this;
  }

  /**
   * Returns the context of one of the request's images, which has a model and a timer of its own.
   *
   * @param image its place in the request, from 0
   * @param own the image's permit
   */
  public RequestContext ofImage(int image, Permit own) {
    return new RequestContext(id, path, image, own, workers, trace, name -> {});
  }

  /** Returns the path that the request was sent to, without the query. */
  public String path() {
    return path;
  }

  /** Returns the image's place among those of the request, from 0. */
  public int position() {
    return position;
  }

  /** Returns the request's id. */
  public String id() {
    return id;
  }

  /** Returns the request's trace. */
  public RequestTrace trace() {
    return trace;
  }

  /**
   * Adds the steps of an image or of tensors that are done to the request's trace.
   *
   * @param batchQueueNanos how long it waited for its batch to run; 0 if it ran alone
   */
  public void worked(Timing timing, long batchQueueNanos) {
    trace.worked(timing, batchQueueNanos);
  }

  /** Returns how many bytes the request's body has; 0 before it has arrived. */
  public int bodyBytes() {
    return bodyBytes;
  }

  void setBodyBytes(int bytes) {
    bodyBytes = bytes;
  }

  /** Returns the request's permit, which also tells whether the request was cancelled. */
  public Permit permit() {
    return permit;
  }

  /** Returns the request's timer. */
  public RequestTimer timer() {
    return timer;
  }

  /** Returns the request's model. Call it only once the model is set. */
  public Model model() {
    return Objects.requireNonNull(model, "the request's model is not known yet");
  }

  /** Sets the request's model, which is open for as long as the caller's lease. */
  public void setModel(Model leased) {
    model = leased;
    trace.modelChosen(leased.name(), leased.versionName());
    onModel.accept(leased.name());
  }

  /**
   * Waits for something asynchronous without a worker, and then continues on one. The request keeps
   * its slot and its deadline; if it is cancelled, so is what it waits for. The wait counts as time
   * in the queue.
   *
   * @param start starts it, without blocking; completing its result cancels it
   * @param next called on a worker
   */
  public <T, R> CompletionStage<R> await(
      Supplier<CompletableFuture<T>> start, Function<T, CompletionStage<R>> next) {
    CompletableFuture<T> awaited = start.get();
    permit.onCancel(awaited::completeExceptionally);
    return awaited.thenCompose(value -> resume(afterWait(() -> next.apply(value))));
  }

  /** Continues the request on a worker that is free, unless it has been cancelled. */
  public <R> CompletionStage<R> resume(Supplier<CompletionStage<R>> work) {
    return workers.resume(permit, work);
  }

  /**
   * Does work now, on the calling worker, or, if it takes long, when a worker is free for such
   * work. The wait counts as time in the queue.
   *
   * @param nanos about how long it keeps a worker busy
   */
  public <R> CompletionStage<R> inTurn(long nanos, Supplier<CompletionStage<R>> work) {
    if (!WorkerPool.isLong(nanos)) {
      return work.get();
    }
    return workers.resumeLong(permit, nanos, afterWait(work));
  }

  /**
   * Does one of many parts of work that gives way to other requests after each; otherwise as {@link
   * #inTurn}, but never at once.
   */
  public <R> CompletionStage<R> takeTurn(long nanos, Supplier<CompletionStage<R>> work) {
    return workers.resumeTurn(permit, nanos, afterWait(work));
  }

  /** Returns work that first counts the time until it starts as waiting. */
  private <R> Supplier<CompletionStage<R>> afterWait(Supplier<CompletionStage<R>> work) {
    return () -> {
      timer.endWait();
      return work.get();
    };
  }

  @Nullable Model modelIfKnown() {
    return model;
  }
}
