package dev.glimpse.api.grpc.services;

import dev.glimpse.api.http.GrpcExchange;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Takes the requests of gRPC out of those to the HTTP port. The methods are made for the first of
 * them, so that they cost a start nothing.
 */
@ApplicationScoped
public class GrpcRoute {

  /** Of gRPC's own services. */
  private static final String GENERAL = "/grpc.";

  private final GrpcMethods methods;
  private final ProblemWriter problems;

  GrpcRoute(GrpcMethods methods, ProblemWriter problems) {
    this.methods = methods;
    this.problems = problems;
  }

  void register(@Observes Router router) {
    router.post().handler(this::route);
  }

  private void route(RoutingContext context) {
    if (!GrpcExchange.is(context.request())) {
      passOn(context);
    } else if (!context
        .response()
        .closed()) { // the client may have gone while a token was verified
      methods.call(context);
    }
  }

  private void passOn(RoutingContext context) {
    String path = context.normalizedPath();
    if (path.startsWith(ServerMethods.SERVICE) || path.startsWith(GENERAL)) {
      problems.refuse(
          context,
          new ServingException(
              Failure.UNSUPPORTED_MEDIA_TYPE,
              "This is a method of gRPC, which takes the type application/grpc, by HTTP/2."));
    } else {
      context.next();
    }
  }
}
