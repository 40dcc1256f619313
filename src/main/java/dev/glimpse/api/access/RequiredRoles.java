package dev.glimpse.api.access;

import dev.glimpse.access.Role;
import dev.glimpse.api.page.PagePaths;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.VertexConfig;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says which role each address asks for, whatever the method. Probes ask for none, and an address
 * that is not listed for an administrator: an endpoint that is forgotten here is closed, not open.
 */
@Singleton
final class RequiredRoles {

  /** Platforms send these without credentials; they tell nothing but the state of the service. */
  private static final Set<String> PROBES =
      Set.of(
          "/grpc.health.v1.Health/Check",
          "/grpc.health.v1.Health/Watch",
          "/health",
          "/inference.GRPCInferenceService/ServerLive",
          "/inference.GRPCInferenceService/ServerReady",
          "/ping",
          "/q/health",
          "/q/health/live",
          "/q/health/ready",
          "/q/health/started",
          "/q/health/well",
          "/v2/health/live",
          "/v2/health/ready");

  /** One segment of a path: a model's name or version. No pattern nests repetitions. */
  private static final String ONE = "/[^/]+";

  private static final List<Pattern> PREDICT =
      Stream.of(
              "/predict",
              "/predict/batch",
              "/predict/live",
              "/explain",
              "/embed",
              "/results" + ONE,
              "/inference\\.GRPCInferenceService/Model(Config|Infer|Metadata|Ready|StreamInfer)",
              "/inference\\.GRPCInferenceService/ServerMetadata",
              "/predictions" + ONE,
              "/predictions" + ONE + ONE,
              "/invocations",
              "/models",
              "/models" + ONE,
              "/v1/models",
              "/v1/models" + ONE,
              "/v1/models" + ONE + "/versions" + ONE,
              "/v2",
              "/v2/models" + ONE,
              "/v2/models" + ONE + "/(config|infer|ready)",
              "/v2/models" + ONE + "/versions" + ONE,
              "/v2/models" + ONE + "/versions" + ONE + "/(config|infer|ready)")
          .map(Pattern::compile)
          .toList();

  /** What describes the service: for everyone who may ask at all. */
  private static final List<Pattern> ANY =
      Stream.of(
              "/grpc\\.reflection\\.v1(alpha)?\\.ServerReflection/ServerReflectionInfo",
              "/inference\\.GRPCInferenceService/RepositoryIndex",
              "/q/openapi(\\.json|\\.ya?ml)?",
              "/q/swagger-ui(/[^/]*)?",
              "/v2/repository/index")
          .map(Pattern::compile)
          .toList();

  private static final List<Pattern> OBSERVE =
      Stream.of(
              "/inference\\.GRPCInferenceService/ModelStatistics",
              "/q/metrics(/.*)?",
              "/q/info",
              "/v2/models/stats",
              "/v2/models" + ONE + "/stats",
              "/v2/models" + ONE + "/versions" + ONE + "/stats")
          .map(Pattern::compile)
          .toList();

  /** What browsers load before their user can enter a key. */
  private static final String PAGE = "/";

  private final boolean page;
  private final Set<String> open;
  private final Set<String> predict;

  RequiredRoles(GlimpseConfig config) {
    VertexConfig vertex = config.vertex();
    page = config.page().enabled();
    open = new HashSet<>(PROBES);
    vertex.healthRoute().ifPresent(open::add);
    predict = Set.copyOf(vertex.predictRoute().stream().toList());
  }

  /**
   * Returns whether an address may be asked without a key, and as often as a client likes: probes,
   * and the page's files. A visit loads a dozen of them, which come from memory; limited, the page
   * would break halfway.
   */
  boolean isOpen(String path) {
    return open.contains(path) || (page && PagePaths.isFile(path));
  }

  /** Returns whether an address may be asked without a key. */
  boolean needsNoKey(String path) {
    return isOpen(path) || (page && path.equals(PAGE));
  }

  /**
   * Returns the roles of which a caller needs one.
   *
   * @param path normalized, still with its escapes
   */
  Set<Role> of(String path) {
    String shorter =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (matches(OBSERVE, shorter)) { // first, as one of them looks like the address of a model
      return Set.of(Role.OBSERVE);
    }
    if (predict.contains(shorter) || matches(PREDICT, shorter)) {
      return Set.of(Role.PREDICT);
    }
    if (matches(ANY, shorter)) {
      return Set.of(Role.PREDICT, Role.OBSERVE);
    }
    return Set.of(Role.ADMIN);
  }

  private static boolean matches(List<Pattern> patterns, String path) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
  }
}
