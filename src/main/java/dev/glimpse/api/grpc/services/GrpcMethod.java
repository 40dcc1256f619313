package dev.glimpse.api.grpc.services;

import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** Serves the calls of one method. */
@FunctionalInterface
interface GrpcMethod {

  /**
   * Serves a call, on its event loop. The body has not been read.
   *
   * @throws dev.glimpse.failure.ServingException if it cannot be served
   */
  void serve(RoutingContext context);

  /** Offers methods by their addresses. */
  interface Service {

    /** Returns the methods by their addresses, such as {@code /package.Service/Method}. */
    Map<String, GrpcMethod> methods();
  }
}
