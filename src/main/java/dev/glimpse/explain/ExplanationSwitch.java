package dev.glimpse.explain;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.IncomingRequest;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Refuses requests for explanations and vectors, where {@code glimpse.explain.enabled} is off. */
@Singleton
public final class ExplanationSwitch {

  private final boolean on;

  public ExplanationSwitch(GlimpseConfig config) {
    this.on = config.explain().enabled();
  }

  /** Returns a service that refuses everything, unread, if it is switched off. */
  public <Q, A> Function<IncomingRequest<Q>, CompletionStage<A>> guarded(
      Function<IncomingRequest<Q>, CompletionStage<A>> service) {
    return on
        ? service
        : request -> {
          throw off();
        };
  }

  /**
   * Refuses what has been read already.
   *
   * @throws ServingException FORBIDDEN if it is switched off
   */
  public void requireOn() {
    if (!on) {
      throw off();
    }
  }

  private static ServingException off() {
    return new ServingException(
        Failure.FORBIDDEN, "This service explains nothing: glimpse.explain.enabled is false.");
  }
}
