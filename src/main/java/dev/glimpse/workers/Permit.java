package dev.glimpse.workers;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.LogContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request's slot among those that run or wait, from before its body is read until a worker
 * has finished it. The slot is released once, by what ends the request first: the worker, the
 * client's disconnect, the deadline, or {@link #close}. Any thread may call it.
 */
public final class Permit implements AutoCloseable {

  /**
   * {@code HELD} while the body is read, {@code LENT} if it is read without a slot, because another
   * request has taken it or none was free, {@code WAITING} in the queue, {@code PASSED_ON} to the
   * same request's next task.
   */
  private enum State {
    HELD,
    LENT,
    WAITING,
    RUNNING,
    PASSED_ON,
    ENDED
  }

  /** What was submitted with a permit. */
  interface Submission {

    /** Takes it out of the queue. */
    void leaveQueue();

    /** Fails it for the caller. */
    void fail(ServingException why);
  }

  private final AdmissionControl admission;
  private final long deadline;
  private final LogContext logContext;
  private final Holdings holdings;
  private final AtomicReference<State> state;
  private final AtomicReference<@Nullable ServingException> cancellation = new AtomicReference<>();
  private final AtomicLong workElsewhere = new AtomicLong();
  private volatile @Nullable Submission submission;
  private volatile Consumer<ServingException> onCancel = why -> {};
  private volatile long queueNanos;
  private volatile boolean isLong;

  private Permit(
      AdmissionControl admission,
      long deadline,
      LogContext logContext,
      Holdings holdings,
      boolean hasSlot) {
    this.state = new AtomicReference<>(hasSlot ? State.HELD : State.LENT);
    this.admission = admission;
    this.deadline = deadline;
    this.logContext = logContext;
    this.holdings = holdings;
  }

  /**
   * Creates the permit of a request.
   *
   * @param hasSlot false if it needs none before its body has arrived
   */
  static Permit of(AdmissionControl admission, Duration timeout, boolean hasSlot) {
    long deadline = admission.now() + timeout.toNanos();
    return new Permit(admission, deadline, LogContext.capture(), new Holdings(), hasSlot);
  }

  /**
   * Says that the request's body begins to arrive: from now on another request may take the slot if
   * the body is slow, or if its own has arrived. This one then has to find another one when it is
   * submitted.
   */
  public void bodyArrives() {
    admission.readers().add(this);
    forgetUnlessHeld();
  }

  /**
   * Says that the body cannot arrive because no memory is free: from now on another request may
   * take the slot only if its own body has arrived.
   */
  public void bodyWaits() {
    admission.readers().addPaused(this);
    forgetUnlessHeld();
  }

  private void forgetUnlessHeld() {
    if (state.get() != State.HELD) {
      admission.readers().remove(this);
    }
  }

  /**
   * Keeps something until the request has released its last slot, or releases it now if it has.
   *
   * @param release run once, on any thread
   */
  public void keep(Runnable release) {
    holdings.add(release);
  }

  /**
   * Checks, between two steps of the work, that the caller still waits for the result.
   *
   * @throws ServingException CLIENT_GONE or DEADLINE_PASSED
   */
  public void throwIfCancelled() {
    ServingException why = cancellation.get();
    if (why == null && nanosLeft() <= 0) {
      why = admission.deadlinePassed();
    }
    if (why != null) {
      throw why;
    }
  }

  /**
   * Passes the slot on to the same request's next task, so that no other request takes it in
   * between. Call it from the task that has the slot, as its last step.
   *
   * @return to be submitted, or closed
   * @throws ServingException CLIENT_GONE or DEADLINE_PASSED; the slot is not passed on then
   */
  public Permit next() {
    throwIfCancelled();
    if (!state.compareAndSet(State.RUNNING, State.PASSED_ON)) {
      throw new IllegalStateException("Only a task that runs has a slot to pass on.");
    }
    ServingException why = cancellation.get();
    if (why != null) { // in between; the slot is released with the task
      state.set(State.RUNNING);
      throw why;
    }
    return new Permit(admission, deadline, logContext, holdings, true);
  }

  /**
   * Takes one more slot for the same request, if many are free: the second half of the queue is
   * left to other requests.
   *
   * @return to be submitted, or closed; empty if there is none
   */
  public Optional<Permit> another() {
    return admission.takeSpare()
        ? Optional.of(new Permit(admission, deadline, logContext, holdings.share(), true))
        : Optional.empty();
  }

  /**
   * Registers how to stop asynchronous work for the request if it is cancelled; stops it at once if
   * the request has been cancelled already.
   *
   * @param stop receives the reason; may be called twice, on any thread
   */
  public void onCancel(Consumer<ServingException> stop) {
    onCancel = stop;
    ServingException why = cancellation.get();
    if (why != null) {
      stop.accept(why);
    }
  }

  /** Cancels the request because its client has disconnected. */
  public void clientGone() {
    State now = state.get();
    if (now != State.ENDED && now != State.PASSED_ON) {
      cancel(new ServingException(Failure.CLIENT_GONE, "The client has closed the connection."));
    }
  }

  /** Returns how long the request waited in the queue, in nanoseconds; 0 before it has run. */
  public long queueNanos() {
    return queueNanos;
  }

  /** Adds the time that a worker has worked for the request outside its task. */
  public void addWork(long nanos) {
    workElsewhere.addAndGet(nanos);
  }

  /** Says that the request takes long, and so says nothing about how long others take. */
  void markLong() {
    isLong = true;
  }

  boolean isLong() {
    return isLong;
  }

  /** Releases the slot if nothing was submitted with it; otherwise the task releases it. */
  @Override
  public void close() {
    if (state.compareAndSet(State.HELD, State.ENDED)) {
      admission.readers().remove(this);
      release();
    } else if (state.compareAndSet(State.LENT, State.ENDED)) {
      holdings.leave();
    }
  }

  private void release() {
    holdings.leave();
    admission.release();
  }

  /** Gives the slot up, for another request; returns false if the body has arrived meanwhile. */
  boolean lend() {
    return state.compareAndSet(State.HELD, State.LENT);
  }

  /** Returns the nanoseconds until the deadline; negative after it. */
  public long nanosLeft() {
    return deadline - admission.now();
  }

  /**
   * Fails the request for the caller now. Releases its slot if no worker is running it; otherwise
   * the worker does so when it has finished. Does nothing once the slot was passed on: the task is
   * about to end by itself, and the next one has the same deadline.
   */
  void cancel(ServingException why) {
    if (!cancellation.compareAndSet(null, why) || state.get() == State.PASSED_ON) {
      return;
    }
    onCancel.accept(why);
    close();
    Submission submitted = submission;
    if (submitted != null) {
      if (state.compareAndSet(State.WAITING, State.ENDED)) {
        submitted.leaveQueue();
        release();
      }
      // After the release, so that the caller can send another request at once.
      submitted.fail(why);
    }
  }

  /**
   * Moves the request to the queue.
   *
   * @throws ServingException if it was cancelled meanwhile; OVERLOADED if it had to give up its
   *     slot and finds no other
   */
  void submit(Submission submitted) {
    submission = submitted;
    boolean waits = state.compareAndSet(State.HELD, State.WAITING);
    admission.readers().remove(this);
    if (!waits && state.get() == State.LENT) {
      takeSlotAgain();
      waits = state.compareAndSet(State.LENT, State.WAITING);
      if (!waits) { // cancelled meanwhile
        admission.release();
      }
    }
    if (!waits) {
      ServingException why = cancellation.get();
      throw why != null ? why : new IllegalStateException("A permit is for one submission.");
    }
  }

  private void takeSlotAgain() {
    try {
      admission.takeSlot();
    } catch (ServingException e) {
      close();
      throw e;
    }
  }

  /** Moves the request from the queue to a worker; returns false if it has ended already. */
  boolean start() {
    return state.compareAndSet(State.WAITING, State.RUNNING);
  }

  void setQueueNanos(long nanos) {
    queueNanos = nanos;
  }

  /** Releases the slot when a worker has finished, unless it was passed on. */
  void finish() {
    if (state.compareAndSet(State.RUNNING, State.ENDED)) {
      release();
    }
  }

  LogContext logContext() {
    return logContext;
  }

  long workElsewhere() {
    return workElsewhere.get();
  }

  boolean isWaiting() {
    return state.get() == State.WAITING;
  }
}
