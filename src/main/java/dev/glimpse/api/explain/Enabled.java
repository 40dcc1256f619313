package dev.glimpse.api.explain;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.IncomingRequest;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Refuses requests before they are read, where {@code glimpse.explain.enabled} is off. */
@Singleton
public final class Enabled {

  private final boolean on;

  Enabled(GlimpseConfig config) {
    this.on = config.explain().enabled();
  }

  /** Returns a service that refuses everything if it is switched off. */
  public <Q, A> Function<IncomingRequest<Q>, CompletionStage<A>> guarded(
      Function<IncomingRequest<Q>, CompletionStage<A>> service) {
    return on
        ? service
        : request -> {
          throw new ServingException(
              Failure.FORBIDDEN,
              "This service explains nothing: glimpse.explain.enabled is false.");
        };
  }
}
