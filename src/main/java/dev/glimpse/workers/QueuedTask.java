package dev.glimpse.workers;

import dev.glimpse.failure.AsyncFailures;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** A task in the queue or on a worker, and the alarm that goes off if it takes too long. */
final class QueuedTask<T> implements Job {

  private final WorkerPool pool;
  private final AdmissionControl admission;
  private final Timers alarms;
  private final ServiceTimeEstimate pace;
  private final Permit permit;
  private final AsyncTask<T> task;
  private final Map<String, Object> logContext = MDC.getMap();
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final long submitted;
  private volatile long started;
  private long worked;
  private volatile Runnable alarm = () -> {};

  QueuedTask(
      WorkerPool pool,
      AdmissionControl admission,
      Timers alarms,
      ServiceTimeEstimate pace,
      Permit permit,
      AsyncTask<T> task) {
    this.pool = pool;
    this.admission = admission;
    this.alarms = alarms;
    this.pace = pace;
    this.permit = permit;
    this.task = task;
    this.submitted = admission.now();
  }

  CompletableFuture<T> result() {
    return result;
  }

  Map<String, Object> logContext() {
    return logContext;
  }

  @Override
  public long age() {
    return admission.now() - started;
  }

  void leaveQueue() {
    pool.remove(this);
  }

  @Override
  public void abandon() {
    permit.end(admission.closed());
  }

  void fail(Throwable why) {
    result.completeExceptionally(why);
    alarm.run();
  }

  /** Sees to it that the caller hears in time, whatever the workers do. */
  void setAlarm() {
    long left = permit.nanosLeft();
    if (permit.waits()) {
      left = Math.min(left, queueTimeLeft());
    }
    alarm = alarms.after(left, this::timeIsUp);
    if (result.isDone()) { // meanwhile: nobody else would take this alarm back
      alarm.run();
    }
  }

  private void timeIsUp() {
    if (permit.nanosLeft() <= 0) {
      permit.end(admission.deadlinePassed());
    } else if (permit.waits() && queueTimeLeft() <= 0) {
      permit.end(admission.waitedTooLong());
    } else if (!result.isDone()) {
      setAlarm();
    }
  }

  private long queueTimeLeft() {
    return submitted + admission.queueTimeout() - admission.now();
  }

  @Override
  public void run() {
    if (!permit.start()) {
      return;
    }
    CompletionStage<T> answer = null;
    Throwable failure = null;
    try {
      started = admission.now();
      pool.begin(this);
      logContext.forEach(MDC::put);
      permit.requireWanted();
      answer = task.run(permit, started - submitted);
    } catch (Throwable e) { // an Error too: the caller is to hear of it, and the worker lives on
      failure = e;
    } finally {
      leaveWorker(answer, failure);
    }
  }

  /** Whatever fails here, the place is free and the caller hears, if need be later. */
  private void leaveWorker(@Nullable CompletionStage<T> answer, @Nullable Throwable failure) {
    try {
      logContext.keySet().forEach(MDC::remove);
      pool.end(this);
      worked = age();
    } finally {
      if (answer == null) {
        finish(null, failure);
      } else {
        answer.whenComplete(this::finish); // here and now, unless it waits for others
      }
    }
  }

  private void finish(@Nullable T value, @Nullable Throwable failure) {
    pace.add(worked + permit.workElsewhere());
    permit.finish();
    // The place is free and no alarm is set before the caller hears: who got an answer may ask
    // again.
    alarm.run();
    if (failure == null) {
      result.complete(value);
    } else {
      result.completeExceptionally(AsyncFailures.cause(failure));
    }
    alarm.run(); // set meanwhile
  }
}
