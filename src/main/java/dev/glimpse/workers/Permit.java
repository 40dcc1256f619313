package dev.glimpse.workers;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request's place among those that are worked on or wait, from before its body is read until a
 * worker is done with it. It is given back once, by whoever ends the request first: the worker, the
 * client that leaves, the deadline, or the door by {@link #close}.
 */
public final class Permit implements AutoCloseable {

  /** {@code HELD} while the body is read, {@code WAITING} in the queue. Goes forward only. */
  private enum State {
    HELD,
    WAITING,
    RUNNING,
    ENDED
  }

  private final AdmissionControl admission;
  private final long deadline;
  private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
  private final AtomicReference<@Nullable ServingException> unwanted = new AtomicReference<>();
  private volatile @Nullable QueuedTask<?> turn;
  private final AtomicLong workElsewhere = new AtomicLong();
  private volatile Consumer<ServingException> stop = why -> {};

  Permit(AdmissionControl admission, long deadline) {
    this.admission = admission;
    this.deadline = deadline;
  }

  /**
   * To be called between two steps of the work: there is no point in the next one if nobody waits
   * for the answer any longer.
   *
   * @throws ServingException CLIENT_GONE or DEADLINE_PASSED
   */
  public void requireWanted() {
    ServingException why = unwanted.get();
    if (why == null && nanosLeft() <= 0) {
      why = admission.deadlinePassed();
    }
    if (why != null) {
      throw why;
    }
  }

  /**
   * Hands the place on to the same request's next task, so that nobody comes between. To be called
   * by the task that has it, when it is done with all else.
   *
   * @return to be submitted, or closed
   * @throws ServingException CLIENT_GONE or DEADLINE_PASSED, and then the place is not handed on
   */
  public Permit next() {
    requireWanted();
    if (!state.compareAndSet(State.RUNNING, State.ENDED)) {
      throw new IllegalStateException("Only a task that runs has a place to hand on.");
    }
    return new Permit(admission, deadline);
  }

  /**
   * One more place for the same request, if there are many: the half of the queue that fills last
   * is left to others.
   *
   * @return to be submitted, or closed; empty if there is none
   */
  public Optional<Permit> another() {
    return admission.takeSpare() ? Optional.of(new Permit(admission, deadline)) : Optional.empty();
  }

  /**
   * Has what goes on elsewhere stopped as soon as nobody waits for the answer any longer; at once,
   * if nobody does already.
   *
   * @param stopping is told why; may be called twice, by any thread
   */
  public void whenUnwanted(Consumer<ServingException> stopping) {
    stop = stopping;
    ServingException why = unwanted.get();
    if (why != null) {
      stopping.accept(why);
    }
  }

  /** The client has closed its connection: what has not begun is dropped. */
  public void clientGone() {
    if (state.get() != State.ENDED) {
      end(new ServingException(Failure.CLIENT_GONE, "The client has closed the connection."));
    }
  }

  /**
   * Gives the place back if nothing has been submitted with it; does no harm otherwise, as what has
   * been submitted gives it back itself.
   */
  @Override
  public void close() {
    if (state.compareAndSet(State.HELD, State.ENDED)) {
      admission.release();
    }
  }

  /** Nanoseconds until the deadline; negative after it. */
  long nanosLeft() {
    return deadline - admission.now();
  }

  /**
   * Ends the request for the caller now. Frees its place if no worker has it; if one has, the
   * worker frees it when it is done.
   */
  void end(ServingException why) {
    if (!unwanted.compareAndSet(null, why)) {
      return;
    }
    stop.accept(why);
    close();
    QueuedTask<?> submitted = turn;
    if (submitted != null) {
      if (state.compareAndSet(State.WAITING, State.ENDED)) {
        submitted.leaveQueue();
        admission.release();
      }
      // The place is free before the caller hears: who got an answer may ask again.
      submitted.fail(why);
    }
  }

  /**
   * Takes the request from its body to the queue.
   *
   * @throws ServingException if it has been ended meanwhile
   */
  void submit(QueuedTask<?> submitted) {
    turn = submitted;
    if (!state.compareAndSet(State.HELD, State.WAITING)) {
      ServingException why = unwanted.get();
      throw why != null ? why : new IllegalStateException("A permit is for one submission.");
    }
  }

  /** A worker begins; false if there is nothing to do any more. */
  boolean start() {
    return state.compareAndSet(State.WAITING, State.RUNNING);
  }

  /** A worker is done. */
  void finish() {
    if (state.compareAndSet(State.RUNNING, State.ENDED)) {
      admission.release();
    }
  }

  /** What the request's lines in the log say, once it has been submitted. */
  Map<String, Object> logContext() {
    QueuedTask<?> submitted = turn;
    return submitted == null ? Map.of() : submitted.logContext();
  }

  /** A worker has done a part of the work beside the task itself, for so many nanoseconds. */
  public void workedFor(long nanos) {
    workElsewhere.addAndGet(nanos);
  }

  long workElsewhere() {
    return workElsewhere.get();
  }

  boolean waits() {
    return state.get() == State.WAITING;
  }
}
