package dev.glimpse.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Works on several inputs at a time, and hands the results over in the order of the inputs. A slow
 * input holds back the results of only so many others.
 */
public final class OrderedTasks {

  /** How many inputs may be ahead of the oldest, for each worker. */
  private static final int AHEAD = 64;

  private final int workers;
  private volatile boolean stopping;

  /**
   * Creates what has not begun.
   *
   * @param workers how many inputs are worked on at a time
   */
  public OrderedTasks(int workers) {
    this.workers = workers;
  }

  /** Gives inputs, one after the other, and null at the end. */
  @FunctionalInterface
  public interface Source<T> {
    @Nullable T next() throws IOException;
  }

  /** Takes results, on the thread that runs all of it. */
  @FunctionalInterface
  public interface Sink<R> {
    void take(R result) throws IOException;
  }

  /**
   * Works until the inputs end, or {@link #stop} is called: what has begun by then is finished, and
   * is handed over.
   *
   * @param work for any thread; must not throw
   * @throws IOException what the source or the sink throws
   */
  public <T, R> void run(Source<T> source, Function<T, R> work, Sink<R> sink) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(workers, OrderedTasks::thread);
    Deque<Future<Optional<R>>> ahead = new ArrayDeque<>();
    try {
      boolean more = true;
      while (more || !ahead.isEmpty()) {
        while (more && ahead.size() < AHEAD * workers) {
          T input = stopping ? null : source.next();
          more = input != null;
          if (input != null) {
            ahead.add(
                threads.submit(() -> stopping ? Optional.empty() : Optional.of(work.apply(input))));
          }
        }
        Optional<R> result = ahead.isEmpty() ? Optional.empty() : await(ahead.remove());
        if (result.isPresent()) {
          sink.take(result.get());
        }
      }
    } finally {
      stopping = true;
      threads.shutdown();
    }
  }

  /** Begins no further input. Any thread may call it. */
  public void stop() {
    stopping = true;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "classify");
    thread.setDaemon(true);
    return thread;
  }

  private static <R> R await(Future<R> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }
}
