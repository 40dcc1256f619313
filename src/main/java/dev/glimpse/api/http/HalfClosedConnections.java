package dev.glimpse.api.http;

import io.netty.channel.Channel;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Answers requests whose clients have closed their side of the connection: see {@link HalfClosed}.
 */
@ApplicationScoped
public class HalfClosedConnections {

  /** Before any other filter may answer. */
  private static final int FIRST = 20_001;

  void register(@Observes Filters filters) {
    filters.register(HalfClosedConnections::watch, FIRST);
  }

  private static void watch(RoutingContext context) {
    if (context.request().version() != HttpVersion.HTTP_2
        && !context.request().headers().contains(HttpHeaders.UPGRADE) // to HTTP/2
        && context.request().connection() instanceof ConnectionBase connection
        && connection.channel().pipeline().get(HalfClosed.ENCODER) != null) {
      Channel channel = connection.channel();
      HalfClosed state = HalfClosed.of(channel);
      context.addEndHandler(ended -> {
        if (state.lastEnded()) {
          var unused = channel.close();
        }
      });
    }
    context.next();
  }
}
