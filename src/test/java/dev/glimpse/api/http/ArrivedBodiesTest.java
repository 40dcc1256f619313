package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.pipeline.Body;
import dev.glimpse.support.Configs;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ArrivedBodiesTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  private final RequestMemory memory =
      new RequestMemory(Configs.of(Map.of("glimpse.memory.bodies", "1M")));
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  private CompletableFuture<Body> body(int bytes, Duration longest, Duration left) {
    return new ArrivedBodies(memory, longest, waiting -> 7)
        .body(new byte[bytes], "network", "client", left, gone)
        .toCompletableFuture();
  }

  private Reservation all(MemoryBudget budget) {
    Reservation all = budget.open();
    all.take(budget.capacity()).join();
    return all;
  }

  private static ServingException failure(CompletableFuture<Body> body) {
    try {
      body.join();
    } catch (RuntimeException e) {
      return (ServingException) AsyncFailures.cause(e);
    }
    throw new AssertionError("it got its memory");
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100_000})
  void aBodyHoldsItsMemoryUntilItIsClosed(int bytes) {
    MemoryBudget budget = bytes == 10 ? memory.firstBytes() : memory.bodies();
    Body body = body(bytes, LONG, LONG).join();
    assertThat(budget.used()).isEqualTo(bytes);
    body.close();

    assertThat(budget.used()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"20, 600000, OVERLOADED", "600000, 20, DEADLINE_PASSED"})
  void itWaitsForItsMemoryForABoundedTime(long longest, long left, Failure expected) {
    Reservation all = all(memory.firstBytes());
    ServingException failure =
        failure(body(10, Duration.ofMillis(longest), Duration.ofMillis(left)));

    assertThat(failure.failure()).isEqualTo(expected);
    assertThat(failure.retryAfter().orElse(0)).isEqualTo(expected == Failure.OVERLOADED ? 7 : 0);
    assertThat(memory.firstBytes().refused()).isEqualTo(expected == Failure.OVERLOADED ? 10 : 0);
    assertThat(memory.firstBytes().waiting()).isZero();
    all.close();
    assertThat(memory.firstBytes().used()).isZero();
  }

  @Test
  void itGoesOnAsSoonAsThereIsMemory() {
    Reservation all = all(memory.firstBytes());
    CompletableFuture<Body> body = body(10, LONG, LONG);
    assertThat(body).isNotDone();
    all.close();

    assertThat(body).isCompleted();
    gone.complete(null); // too late
    body.join().close();
    assertThat(memory.firstBytes().used()).isZero();
  }

  @Test
  void itDoesNotWaitForAClientThatHasGone() {
    Reservation all = all(memory.firstBytes());
    CompletableFuture<Body> body = body(10, LONG, LONG);
    gone.complete(null);

    assertThat(failure(body).failure()).isEqualTo(Failure.CLIENT_GONE);
    assertThat(memory.firstBytes().waiting()).isZero();
    all.close();
    assertThat(memory.firstBytes().used()).isZero();
  }

  @Test
  void aBodyThatNeverFitsIsTooLarge() {
    assertThat(failure(body(1 << 20, LONG, LONG)).failure()).isEqualTo(Failure.TOO_LARGE);
    assertThat(memory.bodies().waiting()).isZero();
  }
}
