package dev.glimpse.workers;

import dev.glimpse.failure.ServingException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Lets tasks that take long onto the workers, few at a time, so that short ones need not wait for
 * them: while there are short ones, long ones occupy half of the workers at most, and those of up
 * to a tenth of a second the others, too, when no short one waits. Each takes its turn at the end
 * of the workers' queue, so long ones are not kept waiting by short ones either. Any thread may
 * call it.
 */
final class LongTasks {

  /** For how long after the last short request half of the workers are left to short ones. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  /**
   * Short requests can wait for a task of this length, and for one several times longer, as
   * estimates may be too low. So a worker may take such a task whenever no short request waits.
   */
  private static final Duration BEARABLE = Duration.ofMillis(100);

  private final WorkerThreads threads;
  private final AdmissionControl admission;
  private final int workers;

  /** Wait for one of the others to end; the first has waited for longest. */
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  /** How many are in the workers' queue or run. */
  private int started;

  private volatile long lastShort;
  private boolean closed;

  LongTasks(WorkerThreads threads, AdmissionControl admission, int workers) {
    this.threads = threads;
    this.admission = admission;
    this.workers = workers;
    this.lastShort = admission.now() - QUIET.toNanos();
  }

  private record Waiting(ResumedTask<?> task, long nanos, long since) {}

  /** Notes that a short request has ended. */
  void shortRequest() {
    lastShort = admission.now();
  }

  /**
   * Runs a task when it is its turn. It fails if it has to wait for longer than {@code
   * glimpse.queue.timeout}, which is noticed when another one ends, or if its request is cancelled.
   *
   * @param nanos how long it will take, about
   * @throws ServingException OVERLOADED if long tasks hold half of the slots already
   */
  void add(ResumedTask<?> task, long nanos, Permit permit) {
    admission.takeLongSlot();
    permit.markLong();
    Waiting entry = new Waiting(task, nanos, admission.now());
    synchronized (this) {
      waiting.add(entry);
    }
    permit.onCancel(why -> cancel(entry, why));
    startNext();
  }

  private void cancel(Waiting entry, ServingException why) {
    boolean removed;
    synchronized (this) {
      removed = waiting.remove(entry);
    }
    if (removed) {
      fail(entry, why);
    }
  }

  /**
   * Notes that a task that was started has left its worker, or will never get to one.
   *
   * @param nanos how long a worker has worked on it; 0 if that says nothing about others
   */
  void ended(long nanos) {
    if (nanos > 0) {
      admission.longEnded(nanos);
    }
    leave();
    startNext();
  }

  private void leave() {
    admission.releaseLongSlot();
    synchronized (this) {
      started--;
    }
  }

  int waiting() {
    synchronized (this) {
      return waiting.size();
    }
  }

  /** Hands all waiting tasks to the workers, which are about to stop. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    startNext();
  }

  private void startNext() {
    failOverdue();
    for (Waiting next = next(); next != null; next = next()) {
      try {
        threads.runLast(next.task);
      } catch (RejectedExecutionException e) {
        leave();
        next.task.fail(admission.closed());
      } catch (RuntimeException | Error e) { // such as OutOfMemoryError
        leave();
        next.task.fail(e);
      }
    }
  }

  private @Nullable Waiting next() {
    boolean quiet = admission.now() - lastShort >= QUIET.toNanos();
    boolean idle = threads.waiting() == 0;
    synchronized (this) {
      Waiting first = waiting.peekFirst();
      if (first == null || (started >= most(first, quiet, idle) && !closed)) {
        return null;
      }
      started++;
      return waiting.removeFirst();
    }
  }

  /** Returns how many may be in the workers' queue or run, this one included. */
  private int most(Waiting next, boolean quiet, boolean idle) {
    return quiet || (idle && next.nanos <= BEARABLE.toNanos()) ? workers : Math.max(1, workers / 2);
  }

  private void failOverdue() {
    for (Waiting overdue = overdue(); overdue != null; overdue = overdue()) {
      fail(overdue, admission.queueTimeoutPassed());
    }
  }

  private @Nullable Waiting overdue() {
    long now = admission.now();
    synchronized (this) {
      Waiting first = waiting.peekFirst();
      return first != null && now - first.since >= admission.queueTimeout()
          ? waiting.removeFirst()
          : null;
    }
  }

  private void fail(Waiting entry, ServingException why) {
    admission.releaseLongSlot();
    entry.task.fail(why);
  }
}
