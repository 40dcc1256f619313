package dev.glimpse.api.grpc.services;

import dev.glimpse.api.http.GrpcExchange;
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

  private final GrpcMethods methods;

  GrpcRoute(GrpcMethods methods) {
    this.methods = methods;
  }

  void register(@Observes Router router) {
    router.post().handler(this::route);
  }

  private void route(RoutingContext context) {
    if (!GrpcExchange.is(context.request())) {
      context.next();
    } else if (!context
        .response()
        .closed()) { // the client may have gone while a token was verified
      methods.call(context);
    }
  }
}
