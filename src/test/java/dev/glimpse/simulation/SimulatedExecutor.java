package dev.glimpse.simulation;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs production's changes of models, and its polls, on one simulated thread; drops what is
 * delayed once.
 */
final class SimulatedExecutor extends AbstractExecutorService implements ScheduledExecutorService {

  private static final long NEVER = Long.MAX_VALUE;

  private final Scheduler scheduler;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private @Nullable Runnable repeated;
  private long pause;
  private long due = NEVER;
  private boolean shutdown;

  SimulatedExecutor(Scheduler scheduler) {
    this.scheduler = scheduler;
    scheduler.thread("model-control", this::run).start();
  }

  private void run() {
    while (true) {
      scheduler.await(() -> shutdown || !tasks.isEmpty() || scheduler.now() >= due, () -> due);
      if (!tasks.isEmpty()) {
        tasks.remove().run();
      } else if (shutdown) {
        return;
      } else {
        repeated.run();
        due = shutdown ? NEVER : scheduler.now() + pause;
      }
    }
  }

  @Override
  public void execute(Runnable task) {
    if (shutdown) {
      throw new RejectedExecutionException("closed");
    }
    tasks.add(task);
    scheduler.interleave();
  }

  @Override
  public void shutdown() {
    shutdown = true;
    due = NEVER;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  /** Does nothing: only memory is given back later. */
  @Override
  @SuppressWarnings("NullAway")
  public @Nullable ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return null;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  @SuppressWarnings("NullAway")
  public @Nullable ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    repeated = command;
    pause = unit.toNanos(delay);
    due = scheduler.now() + unit.toNanos(initialDelay);
    return null;
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isTerminated() {
    return shutdown && tasks.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }
}
