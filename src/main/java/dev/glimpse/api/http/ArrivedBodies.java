package dev.glimpse.api.http;

import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.pipeline.Body;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;

/** Accounts for bodies that have arrived in one piece, such as the messages of a WebSocket. */
@Singleton
public final class ArrivedBodies {

  private final RequestMemory memory;

  public ArrivedBodies(RequestMemory memory) {
    this.memory = memory;
  }

  /**
   * Reserves memory for a body, until it is closed.
   *
   * @param network is the client's
   * @param client sends it, over a connection
   * @return completed when there is memory; fails if there is not so much
   */
  public CompletionStage<Body> body(byte[] bytes, Object network, Object client) {
    MemoryBudget budget =
        bytes.length <= ArrivingBytes.FIRST_BYTES ? memory.firstBytes() : memory.bodies();
    Reservation reserved = budget.open(network, client);
    return reserved
        .take(bytes.length)
        .thenApply(taken -> new Body(Bytes.of(bytes), bytes.length, reserved::close))
        .whenComplete((body, failure) -> {
          if (failure != null) {
            reserved.close();
          }
        });
  }
}
