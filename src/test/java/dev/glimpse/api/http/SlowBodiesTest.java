package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.memory.MemoryBudget;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowBodiesTest {

  /** Identifies the client whose request waits. */
  private static final Object CLIENT = new Object();

  /** Identifies a client whose bodies arrive. */
  private static final Object OTHER = new Object();

  private final Vertx vertx = Vertx.vertx();
  private final MemoryBudget small = new MemoryBudget(100);

  /** Checks when a test says so, and in time. */
  private final SlowBodies bodies =
      new SlowBodies(vertx, small, () -> 0, Duration.ofDays(1).toMillis());

  private final MemoryBudget large = new MemoryBudget(100);
  private final CompletableFuture<Void> granted = new CompletableFuture<>();

  @AfterEach
  void close() {
    vertx.close();
  }

  /** Holds 30 bytes of a budget. */
  private static final class Fake implements SlowBodies.Arriving {

    private final MemoryBudget budget;
    private final boolean behind;
    private final boolean stalled;
    private volatile boolean ended;

    Fake(MemoryBudget budget, boolean behind, boolean stalled) {
      this.budget = budget;
      this.behind = behind;
      this.stalled = stalled;
      assertThat(budget.open(OTHER).take(30)).isCompleted();
    }

    @Override
    public boolean isBehind() {
      return behind;
    }

    @Override
    public boolean isStalled() {
      return stalled;
    }

    @Override
    public Object client() {
      return OTHER;
    }

    @Override
    public void excuse() {}

    @Override
    public long bytes(MemoryBudget of) {
      return of == budget ? 30 : 0;
    }

    @Override
    public void giveUpMemory() {
      ended = true;
    }
  }

  @Test
  void asManyAreEndedAsAllThatWaitNeed() {
    Fake first = arriving(large, true);
    Fake second = arriving(large, true);
    Fake third = arriving(large, true);
    bodies.reclaimUntil(granted, CLIENT, large, 20);
    bodies.reclaimUntil(granted, CLIENT, large, 20);

    bodies.check();

    assertThat(first.ended).isTrue();
    assertThat(second.ended).isTrue();
    assertThat(third.ended).isFalse();
  }

  @Test
  void manyAreEndedOverTime() {
    MemoryBudget many = new MemoryBudget(3000);
    List<Fake> behind = Stream.generate(() -> arriving(many, true)).limit(50).toList();
    bodies.reclaimUntil(granted, CLIENT, many, 3000);

    for (int ended = 16; ended < 50; ended += 16) {
      bodies.check();

      assertThat(behind.stream().filter(body -> body.ended)).hasSize(ended);
    }
  }

  @Test
  void moreAreEndedAtATimeForManyClients() {
    MemoryBudget many = new MemoryBudget(3000);
    List<Fake> behind = Stream.generate(() -> arriving(many, true)).limit(50).toList();
    Stream.generate(Object::new)
        .limit(320)
        .forEach(client -> bodies.reclaimUntil(granted, client, many, 10));

    bodies.check();

    assertThat(behind.stream().filter(body -> body.ended)).hasSize(20);
  }

  @Test
  void aWaitThatNothingCanEndDoesNotHinderOthers() {
    Fake body = arriving(large, true);
    bodies.reclaimUntil(granted, CLIENT, small, 20);
    bodies.reclaimUntil(granted, CLIENT, large, 20);

    bodies.check();

    assertThat(body.ended).isTrue();
  }

  @Test
  void bodiesThatKeepUpAndThoseOfAnotherBudgetArrive() {
    Fake quick = arriving(large, false);
    Fake other = arriving(small, true);
    bodies.reclaimUntil(granted, CLIENT, large, 20);

    bodies.check();

    assertThat(quick.ended).isFalse();
    assertThat(other.ended).isFalse();
  }

  @Test
  void nothingIsEndedForARequestThatDoesNotWaitAnyMore() {
    Fake body = arriving(large, true);
    bodies.reclaimUntil(granted, CLIENT, large, 20);
    granted.complete(null);

    bodies.check();

    assertThat(body.ended).isFalse();
  }

  @Test
  void stalledBodyIsEndedForAClientThatHoldsLess() {
    Fake first = arriving(large, false, true);
    bodies.reclaimUntil(granted, CLIENT, large, 20);
    bodies.check();
    assertThat(first.ended).as("a client's only one").isFalse();

    Fake second = arriving(large, false, true);
    bodies.check();
    assertThat(first.ended).isTrue();
    assertThat(second.ended).as("the other is enough").isFalse();
  }

  @Test
  void stalledBodiesAreNotEndedForTheirOwnClient() {
    Fake first = arriving(large, false, true);
    Fake second = arriving(large, false, true);
    bodies.reclaimUntil(granted, OTHER, large, 20);

    bodies.check();

    assertThat(first.ended).isFalse();
    assertThat(second.ended).isFalse();
  }

  @Test
  void stalledBodyGivesUpTheFirstBytesForAClientThatHoldsNothing() {
    Fake body = arriving(small, false, true);
    bodies.reclaimUntil(granted, CLIENT, small, 20);

    bodies.check();

    assertThat(body.ended).isTrue();
  }

  private Fake arriving(MemoryBudget budget, boolean behind) {
    return arriving(budget, behind, false);
  }

  private Fake arriving(MemoryBudget budget, boolean behind, boolean stalled) {
    Fake body = new Fake(budget, behind, stalled);
    bodies.add(body);
    return body;
  }
}
