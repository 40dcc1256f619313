package dev.glimpse.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OrderedTasksTest {

  private final AtomicInteger given = new AtomicInteger();
  private final List<Integer> taken = new ArrayList<>();

  private OrderedTasks.Source<Integer> upTo(int count) {
    return () -> given.get() < count ? given.getAndIncrement() : null;
  }

  @Test
  void resultsComeInTheOrderOfTheInputs() throws IOException {
    CountDownLatch second = new CountDownLatch(1);

    new OrderedTasks<Integer, Integer>(
            2,
            number -> {
              if (number == 0) {
                await(second); // the first ends after the second
              }
              second.countDown();
              return number;
            })
        .run(upTo(1000), taken::add);

    assertThat(taken).isEqualTo(IntStream.range(0, 1000).boxed().toList());
  }

  @Test
  void aSlowInputHoldsBackOnlySoManyOthers() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    Thread run =
        new Thread(() -> {
          try {
            new OrderedTasks<Integer, Integer>(
                    2,
                    number -> {
                      if (number == 0) {
                        await(slow);
                      }
                      return number;
                    })
                .run(upTo(100_000), taken::add);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    run.start();
    while (given.get() < 128) {
      Thread.onSpinWait();
    }
    while (run.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    assertThat(given).hasValue(128);
    assertThat(taken).isEmpty();
    slow.countDown();
    run.join();
    assertThat(taken).hasSize(100_000);
  }

  @Test
  void whatHasBegunIsFinishedAfterAStop() throws IOException {
    AtomicReference<OrderedTasks<Integer, Integer>> stopped = new AtomicReference<>();
    List<Integer> begun = new ArrayList<>();
    AtomicInteger whenStopped = new AtomicInteger();
    OrderedTasks<Integer, Integer> tasks =
        new OrderedTasks<>(
            2,
            number -> {
              synchronized (begun) {
                begun.add(number);
              }
              if (number == 500) {
                stopped.get().stop();
                synchronized (begun) {
                  whenStopped.set(begun.size());
                }
              }
              return number;
            });
    stopped.set(tasks);

    tasks.run(upTo(100_000), taken::add);

    assertThat(taken)
        .hasSizeBetween(501, whenStopped.get() + 1) // of the other worker, which had looked before
        .isEqualTo(IntStream.range(0, taken.size()).boxed().toList())
        .hasSameSizeAs(begun);
  }

  @Test
  void whatTheSinkThrowsEndsTheRun() {
    assertThatThrownBy(() ->
            new OrderedTasks<Integer, Integer>(2, number -> number)
                .run(
                    upTo(100_000),
                    number -> {
                      throw new IOException("full");
                    }))
        .hasMessage("full");
    assertThat(given.get()).isLessThan(1000);
  }

  /** A list on standard input may be written slowly, or never end. */
  @Test
  void waitingForAnInputHoldsBackNoResultAndNoStop() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    OrderedTasks<Integer, Integer> tasks = new OrderedTasks<>(2, number -> number);

    tasks.run(
        () -> {
          if (given.get() == 3) {
            await(never);
          }
          return given.getAndIncrement();
        },
        number -> {
          taken.add(number);
          if (number == 2) {
            tasks.stop(); // as a signal does, on another thread
          }
        });

    assertThat(taken).containsExactly(0, 1, 2);
    never.countDown();
  }

  @Test
  void aStopBeforeTheBeginningIsHeeded() throws IOException {
    OrderedTasks<Integer, Integer> tasks = new OrderedTasks<>(2, number -> number);
    tasks.stop();

    tasks.run(upTo(10), taken::add);

    assertThat(taken).isEmpty();
  }

  @Test
  void whatTheSourceThrowsIsThrownAfterTheResults() {
    assertThatThrownBy(() ->
            new OrderedTasks<Integer, Integer>(2, number -> number)
                .run(
                    () -> {
                      if (given.get() == 300) {
                        throw new IOException("torn");
                      }
                      return given.getAndIncrement();
                    },
                    taken::add))
        .isInstanceOf(IOException.class)
        .hasMessage("torn");
    assertThat(taken).hasSize(300);
  }

  /** The model is closed after a run: no thread may be inside ONNX Runtime then. */
  @Test
  void noWorkIsDoneAfterTheEnd() {
    AtomicInteger working = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(2);

    assertThatThrownBy(() ->
            new OrderedTasks<Integer, Integer>(
                    2,
                    number -> {
                      working.incrementAndGet();
                      if (number > 0) {
                        begun.countDown();
                        await(begun);
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                      }
                      working.decrementAndGet();
                      return number;
                    })
                .run(
                    upTo(100),
                    number -> {
                      await(begun);
                      throw new IOException("full");
                    }))
        .hasMessage("full");

    assertThat(working).hasValue(0);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
