package dev.glimpse.support;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import dev.glimpse.pipeline.IncomingRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Fakes a request that is already in memory, from a client that stays connected. */
public record TestRequest<Q>(Q content) implements IncomingRequest<Q> {

  @Override
  public String id() {
    return "test";
  }

  @Override
  public String path() {
    return "/test";
  }

  @Override
  public Duration timeout() {
    return Duration.ofMinutes(5);
  }

  @Override
  public CompletionStage<Body> body(BodyProgress progress) {
    return CompletableFuture.completedStage(new Body(Bytes.NONE, 0, () -> {}));
  }

  @Override
  public Q parse(Bytes body) {
    return content;
  }

  @Override
  public void onDisconnect(Runnable callback) {}
}
