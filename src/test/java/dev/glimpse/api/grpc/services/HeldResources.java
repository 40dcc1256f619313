package dev.glimpse.api.grpc.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.glimpse.api.grpc.MessageStreams;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.workers.WorkerPool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Knows what requests and streams hold of the service that is tested. */
@Singleton
class HeldResources {

  @Inject RequestMemory memory;
  @Inject WorkerPool workers;
  @Inject MessageStreams streams;

  /** Waits until nothing is held any more. */
  void awaitNone() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(memory.firstBytes().used()).as("first bytes").isZero();
          assertThat(memory.bodies().used()).as("bodies").isZero();
          assertThat(memory.work().used()).as("work").isZero();
          assertThat(memory.firstBytes().waiting()).as("waiting for first bytes").isZero();
          assertThat(memory.bodies().waiting()).as("waiting for bodies").isZero();
          assertThat(memory.blocks().lent()).as("native memory").isZero();
          assertThat(streams.openNow()).as("streams").isZero();
          assertThat(workers.taken()).as("permits").isZero();
          assertThat(workers.running()).as("workers").isZero();
        });
  }
}
