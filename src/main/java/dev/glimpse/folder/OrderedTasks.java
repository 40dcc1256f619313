package dev.glimpse.folder;

import dev.glimpse.threads.DaemonThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Works on several inputs at a time, and hands the results over in the order of the inputs. A slow
 * input holds back the results of only so many others, and waiting for the next input holds back
 * none. Runs once.
 *
 * @param <T> an input
 * @param <R> its result
 */
public final class OrderedTasks<T, R> {

  /** How many inputs may be ahead of the oldest, for each worker. */
  private static final int AHEAD = 64;

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

  /** An input's result, which is empty if it was not begun; or the end, without a result. */
  private record Task<R>(@Nullable Future<Optional<R>> result) {}

  private final int workers;
  private final Function<T, R> work;
  private final Semaphore places;
  private final BlockingQueue<Task<R>> ahead = new LinkedBlockingQueue<>();
  private volatile boolean stopping;

  /** How many inputs were passed on, and the number of the last one that was begun. */
  private long passed;

  private long lastBegun;

  /**
   * Creates what has not begun.
   *
   * @param workers how many inputs are worked on at a time
   * @param work for any thread; must not throw
   */
  public OrderedTasks(int workers, Function<T, R> work) {
    this.workers = workers;
    this.work = work;
    this.places = new Semaphore(AHEAD * workers);
  }

  /**
   * Works until the inputs end, or {@link #stop} is called: what has begun by then is finished, and
   * is handed over. However it ends, no work is being done then; only the source may still be
   * waiting for an input.
   *
   * @param source is asked on a thread of its own
   * @throws IOException what the source or the sink throws
   */
  public void run(Source<T> source, Sink<R> sink) throws IOException {
    ExecutorService threads =
        Executors.newFixedThreadPool(workers, DaemonThreads.named("classify"));
    Thread listing = DaemonThreads.create("list-inputs", () -> list(source, threads));
    listing.start();
    try {
      Future<Optional<R>> task = ahead.take().result();
      while (task != null) {
        Optional<R> result = await(task);
        places.release();
        if (result.isPresent()) {
          sink.take(result.get());
        }
        task = ahead.take().result();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    } finally {
      stop();
      threads.shutdown();
      awaitEnd(threads);
    }
  }

  private void list(Source<T> source, ExecutorService threads) {
    try {
      boolean more = true;
      while (more) {
        places.acquire();
        T input = stopping ? null : source.next();
        more = input != null && begin(input, threads);
      }
      ahead.add(new Task<>(null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | Error e) {
      ahead.add(new Task<>(CompletableFuture.failedFuture(e)));
    }
  }

  /** Passes an input on, unless {@link #stop} has marked the end. */
  private synchronized boolean begin(T input, ExecutorService threads) {
    if (stopping) {
      return false;
    }
    long number = ++passed;
    ahead.add(
        new Task<>(
            threads.submit(
                () -> isBegun(number) ? Optional.of(work.apply(input)) : Optional.empty())));
    return true;
  }

  /** Begins an input, also after a stop if a later one was begun before: results have no gaps. */
  private synchronized boolean isBegun(long number) {
    if (stopping && number > lastBegun) {
      return false;
    }
    lastBegun = Math.max(lastBegun, number);
    return true;
  }

  /** Begins no further input. Any thread may call it. */
  public synchronized void stop() {
    if (!stopping) {
      stopping = true;
      ahead.add(new Task<>(null)); // after what has begun
      places.release();
    }
  }

  private static <R> R await(Future<R> task) throws IOException, InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Waits for the inputs that are being worked on: what they use is closed after that. */
  private static void awaitEnd(ExecutorService threads) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
