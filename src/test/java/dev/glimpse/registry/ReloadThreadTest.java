package dev.glimpse.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReloadThreadTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  @Test
  void closingLetsTheChangeThatIsBeingMadeEndAndTellsThoseThatWait() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ReloadThread thread = new ReloadThread();
    CompletableFuture<Void> first =
        thread
            .submit(() -> {
              begun.countDown();
              await(release);
              thread.later(() -> {}, LONG); // as every change does at its end; this must not block
            })
            .toCompletableFuture();
    CompletableFuture<Void> second = thread.submit(() -> {}).toCompletableFuture();
    begun.await();

    thread.close();

    assertThat(failure(second)).isEqualTo(Failure.NOT_READY);
    assertThat(first).isNotDone();
    release.countDown();
    assertThat(first).succeedsWithin(LONG);
    assertThat(
            catchThrowableOfType(ServingException.class, () -> thread.submit(() -> {})).failure())
        .isEqualTo(Failure.NOT_READY);
  }

  private static Failure failure(CompletableFuture<Void> change) {
    assertThat(change).failsWithin(LONG);
    return ((ServingException)
            catchThrowableOfType(ExecutionException.class, change::get).getCause())
        .failure();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("The test interrupted a change", e);
    }
  }
}
