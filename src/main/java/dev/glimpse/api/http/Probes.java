package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import java.util.HashSet;
import java.util.Set;

/** Knows the addresses at which platforms ask whether the service lives, again and again. */
final class Probes {

  private final Set<String> paths = new HashSet<>(Set.of("/health", "/ping"));

  Probes(GlimpseConfig config) {
    config.vertex().healthRoute().ifPresent(paths::add);
  }

  /** Returns whether a path is one of them, or below {@code /q}, where operators ask. */
  boolean contain(String path) {
    return path.startsWith("/q/")
        || path.startsWith("/v2/health/")
        || path.startsWith("/grpc.health.v1.Health/")
        || paths.contains(path);
  }
}
