package dev.glimpse.api.health;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import dev.glimpse.workers.WorkerPool;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkersLiveCheckTest {

  private final WorkerPool workers =
      new WorkerPool(
          Configs.of(Map.of("glimpse.workers.count", "1", "glimpse.workers.stuck-after", "1ms")));
  private final WorkersLiveCheck check = new WorkersLiveCheck(workers);

  @Test
  void aWorkerThatHangsIsNoLife() throws Exception {
    assertThat(response().getStatus()).isEqualTo(Status.UP);
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Boolean> hung =
        workers.submit(permit -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return true;
        });

    HealthCheckResponse answer =
        await().until(this::response, response -> response.getStatus() == Status.DOWN);
    assertThat(answer.getData().orElseThrow())
        .containsEntry("stuck", 1L)
        .containsEntry("count", 1L);

    release.countDown();
    hung.get();
    assertThat(response().getStatus()).isEqualTo(Status.UP);
    workers.close();
    assertThat(response().getStatus()).isEqualTo(Status.DOWN);
  }

  private HealthCheckResponse response() {
    return check.call().await().indefinitely();
  }
}
