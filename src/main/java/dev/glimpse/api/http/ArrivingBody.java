package dev.glimpse.api.http;

import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.MemoryBudget;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.ToLongFunction;

/**
 * Shows a body, or a message of a stream, to those that wait for memory: how it arrives, and what
 * it holds.
 *
 * @param context the request's
 * @param held returns how many bytes of a budget it holds; any thread calls it
 * @param retryAfter a good time to try again, in seconds
 * @param fail ends the request; called on its event loop
 */
record ArrivingBody(
    HttpServerRequest request,
    Context context,
    BodyClock clock,
    ToLongFunction<MemoryBudget> held,
    IntSupplier retryAfter,
    Consumer<ServingException> fail)
    implements SlowBodies.Arriving {

  @Override
  public boolean isBehind() {
    return clock.isBehind();
  }

  @Override
  public boolean isStalled() {
    return clock.isStalled();
  }

  @Override
  public Object client() {
    return request.connection();
  }

  @Override
  public void excuse() {
    clock.excuse();
  }

  @Override
  public long bytes(MemoryBudget budget) {
    return held.applyAsLong(budget);
  }

  /** Fails the request, because others wait for its memory. Any thread may call it. */
  @Override
  public void giveUpMemory() {
    context.runOnContext(now ->
        fail.accept(
            BodyFailures.memoryNeeded(clock.received(), clock.millis(), retryAfter.getAsInt())));
  }
}
