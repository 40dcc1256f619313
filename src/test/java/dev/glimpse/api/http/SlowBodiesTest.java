package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.memory.MemoryBudget;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowBodiesTest {

  private final Vertx vertx = Vertx.vertx();
  private final SlowBodies bodies = new SlowBodies(vertx);
  private final MemoryBudget small = new MemoryBudget(100);
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
    private volatile boolean ended;

    Fake(MemoryBudget budget, boolean behind) {
      this.budget = budget;
      this.behind = behind;
    }

    @Override
    public boolean isBehind() {
      return behind;
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
    bodies.reclaimUntil(granted, large, 20);
    bodies.reclaimUntil(granted, large, 20);

    bodies.check();

    assertThat(first.ended).isTrue();
    assertThat(second.ended).isTrue();
    assertThat(third.ended).isFalse();
  }

  @Test
  void aWaitThatNothingCanEndDoesNotHinderOthers() {
    Fake body = arriving(large, true);
    bodies.reclaimUntil(granted, small, 20);
    bodies.reclaimUntil(granted, large, 20);

    bodies.check();

    assertThat(body.ended).isTrue();
  }

  @Test
  void bodiesThatKeepUpAndThoseOfAnotherBudgetArrive() {
    Fake quick = arriving(large, false);
    Fake other = arriving(small, true);
    bodies.reclaimUntil(granted, large, 20);

    bodies.check();

    assertThat(quick.ended).isFalse();
    assertThat(other.ended).isFalse();
  }

  @Test
  void nothingIsEndedForARequestThatDoesNotWaitAnyMore() {
    Fake body = arriving(large, true);
    bodies.reclaimUntil(granted, large, 20);
    granted.complete(null);

    bodies.check();

    assertThat(body.ended).isFalse();
  }

  private Fake arriving(MemoryBudget budget, boolean behind) {
    Fake body = new Fake(budget, behind);
    bodies.add(body);
    return body;
  }
}
