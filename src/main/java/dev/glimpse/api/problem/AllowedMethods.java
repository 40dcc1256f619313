package dev.glimpse.api.problem;

import java.util.stream.Stream;

/**
 * Lists the methods that an address allows, for the header {@code Allow} of a 405. RESTEasy knows
 * them, but does not tell: what it throws names none. {@code OpenApiTest} compares this list with
 * the OpenAPI document, which is made of the same routes, for every address.
 */
final class AllowedMethods {

  private AllowedMethods() {}

  /**
   * Returns an address's methods, separated by commas.
   *
   * @param path of an endpoint
   */
  static String at(String path) {
    if (path.startsWith("/predictions/")) {
      return "POST, PUT, OPTIONS";
    }
    if (path.startsWith("/results/")) {
      return "GET, HEAD, DELETE, OPTIONS";
    }
    if (path.equals("/q/log/levels")) {
      return "GET, HEAD, PUT, OPTIONS";
    }
    if (path.equals("/ping") || (path.startsWith("/models/") && path.indexOf('/', 8) < 0)) {
      return "GET, HEAD, POST, OPTIONS";
    }
    return takesBodies(path) ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
  }

  private static boolean takesBodies(String path) {
    if (path.startsWith("/v2/")) {
      return Stream.of("/infer", "/index", "/load", "/unload").anyMatch(path::endsWith);
    }
    return path.startsWith("/predict")
        || Stream.of("/explain", "/embed", "/invocations").anyMatch(path::equals)
        || (path.startsWith("/v1/") && (path.endsWith(":predict") || path.endsWith(":explain")));
  }
}
