package dev.glimpse.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MemoryBudgetTest {

  private final MemoryBudget budget = new MemoryBudget(100);

  @Test
  void whatFitsIsGrantedAtOnceAndReleasedOnce() {
    Reservation all = budget.open();
    assertThat(all.take(100)).isCompleted();
    assertThat(budget.used()).isEqualTo(100);

    all.close();
    all.close();

    assertThat(budget.used()).isZero();
    assertThat(all.take(1)).isCompletedExceptionally();
    assertThat(budget.used()).isZero();
  }

  @Test
  void tellsWhenAllIsReleasedAfterAPeak() {
    AtomicInteger emptied = new AtomicInteger();
    budget.onEmptied(50, emptied::incrementAndGet);
    reserved(49).close();
    assertThat(emptied).hasValue(0);

    Reservation one = reserved(30);
    Reservation other = reserved(20);
    one.close();
    assertThat(emptied).hasValue(0);
    other.close();
    assertThat(emptied).hasValue(1);

    budget.forgetPeak();
    reserved(10).close();
    assertThat(emptied).hasValue(1);
  }

  @Test
  void othersWaitInOrder() {
    Reservation holder = reserved(80);
    Reservation large = budget.open();
    Reservation small = budget.open();
    CompletableFuture<Void> largeGranted = large.take(50);
    CompletableFuture<Void> smallGranted = small.take(10);

    assertThat(largeGranted).isNotDone();
    assertThat(smallGranted).as("does not overtake").isNotDone();
    assertThat(budget.waiting()).isEqualTo(2);

    holder.close();
    assertThat(largeGranted).isCompleted();
    assertThat(smallGranted).isCompleted();
    assertThat(budget.used()).isEqualTo(60);
  }

  @Test
  void clientThatHoldsLessComesFirst() {
    Object many = new Object();
    Reservation first = budget.open(many);
    assertThat(first.take(90)).isCompleted();
    CompletableFuture<Void> second = budget.open(many).take(60);
    CompletableFuture<Void> third = budget.open(many).take(60);
    CompletableFuture<Void> other = budget.open(new Object()).take(60);
    assertThat(budget.held(many)).isEqualTo(90);

    first.keep(10);

    assertThat(other).isCompleted();
    assertThat(second).isNotDone();
    assertThat(third).isNotDone();
    first.close();
    assertThat(budget.held(many)).isZero();
    assertThat(budget.waiting()).isEqualTo(2);
  }

  @Test
  void latestComesFirstWhereThatIsTheRule() {
    MemoryBudget brief = new MemoryBudget(100, true, CompletableFuture::join);
    Reservation holder = brief.open();
    assertThat(holder.take(100)).isCompleted();
    CompletableFuture<Void> early = brief.open().take(60);
    CompletableFuture<Void> late = brief.open().take(60);

    holder.close();

    assertThat(late).isCompleted();
    assertThat(early).isNotDone();
  }

  @Test
  void releaseEndsAWaitAndLetsTheNextOneIn() {
    Reservation holder = reserved(80);
    Reservation large = budget.open();
    CompletableFuture<Void> largeGranted = large.take(50);
    CompletableFuture<Void> smallGranted = budget.open().take(10);

    large.close(); // its client has gone, or its time is over

    assertThat(largeGranted).isNotDone();
    assertThat(smallGranted).isCompleted();
    assertThat(budget.waiting()).isZero();
    holder.close();
    assertThat(budget.used()).isEqualTo(10);
  }

  @Test
  void whatCanNeverFitIsRefused() {
    assertThat(failure(budget.open().take(101)).failure()).isEqualTo(Failure.TOO_LARGE);
    assertThat(failure(reserved(60).take(41)).detail()).contains("101 bytes", "100");
    assertThatThrownBy(() -> budget.open().await(101)).isInstanceOf(ServingException.class);
    assertThat(budget.waiting()).isZero();
  }

  @Test
  void whoGrowsComesBeforeWhoArrives() {
    Reservation holder = reserved(60);
    Reservation growing = reserved(20);
    CompletableFuture<Void> arriving = budget.open().take(30);
    assertThat(growing.take(20)).isCompleted();

    holder.close();
    assertThat(arriving).isCompleted();
  }

  @Test
  void oneOfThoseThatHoldEverythingMayGoOn() {
    Reservation first = reserved(50);
    Reservation second = reserved(50);
    CompletableFuture<Void> firstGrows = first.take(20);
    CompletableFuture<Void> secondGrows = second.take(30);

    assertThat(firstGrows).as("beyond the capacity").isCompleted();
    assertThat(secondGrows).isNotDone();
    assertThat(first.take(30)).as("again, until it is done").isCompleted();
    first.close();
    assertThat(secondGrows).isCompleted();
    second.close();
    assertThat(budget.used()).isZero();
  }

  @Test
  void downloadOfARequestThatHoldsMemoryMayGoOn() {
    Reservation holder = reserved(100);
    assertThat(budget.openMore().take(10)).isCompleted();
    assertThat(budget.openMore().take(10)).as("one at a time").isNotDone();
    holder.close();
    assertThat(budget.used()).isEqualTo(20);
  }

  @Test
  void surplusIsReleased() {
    Reservation body = reserved(90);
    CompletableFuture<Void> waiting = budget.open().take(50);
    body.keep(50);
    body.keep(70); // more than it has: nothing

    assertThat(body.bytes()).isEqualTo(50);
    assertThat(waiting).isCompleted();
  }

  @Test
  void whatFollowsAGrantMayTakeAndRelease() {
    Reservation holder = reserved(100);
    List<CompletableFuture<?>> done = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Reservation next = budget.open();
      done.add(next.take(60).thenRun(next::close));
    }
    holder.close();

    assertThat(done).allSatisfy(each -> assertThat(each).isCompleted());
    assertThat(budget.used()).isZero();
  }

  /** Requests of all kinds in any order: all end, nothing leaks, and the capacity is kept. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void everyRequestEndsInAnyOrder(long seed) {
    Random random = new Random(seed);
    List<Growing> requests = new ArrayList<>();
    int ended = 0;
    for (int step = 0; step < 20_000; step++) {
      if (step < 10_000 && requests.size() < 40 && random.nextInt(3) == 0) {
        Reservation reservation = random.nextInt(4) == 0 ? budget.openMore() : budget.open();
        requests.add(new Growing(reservation, 1 + random.nextInt(100)));
      } else if (!requests.isEmpty()) {
        Growing one = requests.get(random.nextInt(requests.size()));
        boolean gone = step < 10_000 && random.nextInt(10) == 0;
        if (gone || !one.advance(random)) {
          one.reservation.close();
          requests.remove(one);
          ended++;
        }
      }
      assertThat(budget.used()).isBetween(0L, 200L);
      assertThat(budget.used())
          .isEqualTo(requests.stream().mapToLong(each -> each.reservation.bytes()).sum());
    }
    assertThat(requests).as("nothing waits for ever").isEmpty();
    assertThat(ended).isGreaterThan(100);
    assertThat(budget.used()).isZero();
    assertThat(budget.waiting()).isZero();
  }

  @Test
  void manyThreadsShareItWithoutALeak() throws Exception {
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          CompletableFuture.runAsync(
              () -> {
                for (int n = 0; n < 2000; n++) {
                  try (Reservation some = budget.open()) {
                    some.await(1 + ThreadLocalRandom.current().nextInt(100));
                    assertThat(budget.used()).isBetween(1L, 100L);
                  }
                }
              },
              task -> new Thread(task).start()));
    }
    for (CompletableFuture<Void> thread : threads) {
      thread.get(60, TimeUnit.SECONDS);
    }
    assertThat(budget.used()).isZero();
  }

  /** Takes its bytes in steps, the next when it has the last. */
  private static final class Growing {

    private final Reservation reservation;
    private final long wanted;
    private CompletableFuture<Void> granted = CompletableFuture.completedFuture(null);
    private long taken;

    Growing(Reservation reservation, long wanted) {
      this.reservation = reservation;
      this.wanted = wanted;
    }

    /** Returns false if it has all that it wants. */
    boolean advance(Random random) {
      if (!granted.isDone()) {
        return true;
      }
      if (taken == wanted) {
        return false;
      }
      long more = Math.min(1 + random.nextInt(50), wanted - taken);
      taken += more;
      granted = reservation.take(more);
      return true;
    }
  }

  private Reservation reserved(long bytes) {
    Reservation reservation = budget.open();
    assertThat(reservation.take(bytes)).isCompleted();
    return reservation;
  }

  private static ServingException failure(CompletableFuture<Void> refused) {
    try {
      refused.join();
    } catch (CompletionException e) {
      return (ServingException) e.getCause();
    }
    throw new AssertionError("was granted");
  }
}
