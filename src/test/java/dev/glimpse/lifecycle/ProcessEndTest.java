package dev.glimpse.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProcessEndTest {

  @Test
  void processThatRunsIsNotEnding() {
    assertThat(ProcessEnd.isEnding()).isFalse();
  }

  @Test
  void waitsForTheThreadThatLoadsLibraries() throws InterruptedException {
    CountDownLatch loaded = new CountDownLatch(1);
    Thread libraries =
        new Thread(
            () -> {
              try {
                loaded.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "libraries");
    libraries.start();
    Thread end = new Thread(() -> ProcessEnd.await(libraries), "end");
    end.start();
    end.join(100);
    assertThat(end.isAlive()).isTrue();
    loaded.countDown();
    end.join();
    assertThat(libraries.isAlive()).isFalse();
  }
}
