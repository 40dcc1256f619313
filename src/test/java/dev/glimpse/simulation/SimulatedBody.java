package dev.glimpse.simulation;

import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.config.QueueConfig;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import dev.glimpse.simulation.Order.BodyEnd;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends one client's body, and reserves its memory, in two steps, as reading a body over HTTP does.
 * Everything but the release runs on the client's event loop.
 */
final class SimulatedBody {

  private static final long NEVER = Long.MAX_VALUE;
  private static final int FIRST_BYTES = 64 << 10;

  /** How long reading may take before another request may take the slot. */
  private static final long SLOW = TimeUnit.MILLISECONDS.toNanos(250);

  private final Order order;
  private final Scheduler scheduler;
  private final EventLoop loop;
  private final Judge judge;
  private final long timeout;
  private final long memoryWait;
  private final long most;
  private final Reservation first;
  private final Reservation rest;
  private final ArrivingBytes bytes;
  private final CompletableFuture<Body> result = new CompletableFuture<>();
  private BodyProgress progress;
  private Runnable cancelStep = () -> {};
  private long readingSince;
  private long submitted = NEVER;
  private long queued = NEVER;
  private boolean brokenOff;
  private boolean slow;
  private boolean refused;
  private boolean released;

  SimulatedBody(
      Order order,
      Scheduler scheduler,
      EventLoop loop,
      Judge judge,
      QueueConfig settings,
      RequestMemory memory) {
    this.order = order;
    this.scheduler = scheduler;
    this.loop = loop;
    this.judge = judge;
    this.timeout = Math.min(order.timeout(), settings.bodyTimeout().toNanos());
    this.memoryWait = settings.timeout().toNanos();
    this.most = memory.bodies().capacity();
    this.first = memory.firstBytes().open();
    this.rest = memory.bodies().open();
    boolean onHeap = order.number() % 3 == 0;
    this.bytes = new ArrivingBytes(memory.blocks(), onHeap ? -1 : 0); // as if more than announced
  }

  /** Returns when it had arrived whole. */
  long submitted() {
    return submitted;
  }

  /** Returns when the request was in the queue, at the latest. */
  long queued() {
    return queued;
  }

  /** Returns whether the client has broken it off by itself. */
  boolean brokenOff() {
    return brokenOff;
  }

  /** Returns whether the request may be refused after its admission. */
  boolean mayBeRefused() {
    return slow || refused;
  }

  /** Returns whether the body, or the download, needs more memory than there is. */
  boolean tooLarge() {
    return order.bytes() - (order.download() == Order.Download.NONE ? FIRST_BYTES : 0) > most;
  }

  CompletableFuture<Body> arrive(BodyProgress hears) {
    progress = hears;
    progress.waits();
    Runnable late = loop.after(timeout, this::tooLate);
    var unused = result.whenComplete((body, failure) -> late.run());
    await(first.take(Math.min(order.bytes(), FIRST_BYTES)), this::arriveFirst);
    return result;
  }

  private void await(CompletableFuture<Void> granted, Runnable next) {
    if (granted.isDone()) {
      goOn(granted, next);
      return;
    }
    cancelStep = loop.after(memoryWait, () -> refuse(granted));
    var unused = granted.whenComplete((ok, failure) -> loop.after(0, () -> goOn(granted, next)));
  }

  private void goOn(CompletableFuture<Void> granted, Runnable next) {
    if (result.isDone()) {
      return;
    }
    cancelStep.run();
    Throwable failure = granted.handle((ok, why) -> why).join();
    if (failure == null) {
      next.run();
    } else {
      fail((ServingException) AsyncFailures.cause(failure));
    }
  }

  private void refuse(CompletableFuture<Void> granted) {
    if (!granted.isDone() && !result.isDone()) {
      refused = true;
      fail(new ServingException(Failure.OVERLOADED, "There is no memory for the body."));
    }
  }

  private void arriveFirst() {
    order.images().forEach(number -> bytes.append(ByteBuffer.wrap(Images.file(number))));
    read(order.bytes() > FIRST_BYTES ? this::takeRest : this::end);
  }

  private void takeRest() {
    progress.waits();
    await(rest.take(order.bytes() - FIRST_BYTES), () -> read(this::end));
  }

  private void read(Runnable next) {
    progress.arrives();
    readingSince = scheduler.now();
    if (order.body() != BodyEnd.NEVER) {
      cancelStep =
          loop.after(
              order.bodyTakes(),
              () -> {
                noteTime();
                next.run();
              });
    }
  }

  private void noteTime() {
    slow |= scheduler.now() - readingSince >= SLOW;
  }

  private void end() {
    if (order.body() == BodyEnd.BROKEN_OFF) {
      brokenOff = true;
      breakOff();
      return;
    }
    progress.waits();
    submitted = scheduler.now();
    if (result.complete(new Body(bytes.take(), order.bytes(), this::release))) {
      queued = scheduler.now();
    } else {
      close();
    }
  }

  private void release() {
    judge.require(!released, () -> order + " has its memory released twice");
    released = true;
    close();
  }

  private void close() {
    bytes.close();
    first.close();
    rest.close();
  }

  private void tooLate() {
    fail(
        new ServingException(
            order.timeout() <= timeout ? Failure.DEADLINE_PASSED : Failure.REQUEST_TIMEOUT,
            "The body was too slow."));
  }

  /** Ends as if the connection had broken. */
  void breakOff() {
    fail(new ServingException(Failure.CLIENT_GONE, "The body breaks off."));
  }

  private void fail(ServingException why) {
    cancelStep.run();
    if (result.completeExceptionally(why)) {
      close();
    }
  }
}
