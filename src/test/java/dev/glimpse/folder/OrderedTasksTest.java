package dev.glimpse.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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

    new OrderedTasks(2)
        .run(
            upTo(1000),
            number -> {
              if (number == 0) {
                await(second); // the first ends after the second
              }
              second.countDown();
              return number;
            },
            taken::add);

    assertThat(taken).isEqualTo(IntStream.range(0, 1000).boxed().toList());
  }

  @Test
  void aSlowInputHoldsBackOnlySoManyOthers() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    Thread run =
        new Thread(() -> {
          try {
            new OrderedTasks(2)
                .run(
                    upTo(100_000),
                    number -> {
                      if (number == 0) {
                        await(slow);
                      }
                      return number;
                    },
                    taken::add);
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
    OrderedTasks tasks = new OrderedTasks(2);
    List<Integer> begun = new ArrayList<>();

    tasks.run(
        upTo(100_000),
        number -> {
          synchronized (begun) {
            begun.add(number);
          }
          if (number == 500) {
            tasks.stop();
          }
          return number;
        },
        taken::add);

    assertThat(taken)
        .hasSizeBetween(501, 502)
        .containsExactlyInAnyOrderElementsOf(begun)
        .isSorted();
  }

  @Test
  void whatTheSinkThrowsEndsTheRun() {
    assertThatThrownBy(() ->
            new OrderedTasks(2)
                .run(
                    upTo(100_000),
                    number -> number,
                    number -> {
                      throw new IOException("full");
                    }))
        .hasMessage("full");
    assertThat(given.get()).isLessThan(1000);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
