package dev.glimpse.api.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.io.ByteArrayOutputStream;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Writes the responses of HTTP/2 whole, and without waiting. The platform's own stream would keep a
 * worker until the client opens its window, which it need never do; and would write to a stream
 * that has been reset meanwhile, which ends the connection with all other streams.
 */
public class Http2Responses {

  private final Vertx vertx;

  Http2Responses(Vertx vertx) {
    this.vertx = vertx;
  }

  @ServerResponseFilter
  void write(ContainerResponseContext response, RoutingContext context) {
    if (context.request().version() == HttpVersion.HTTP_2 && response.hasEntity()) {
      response.setEntityStream(new Body(context.response(), vertx.getOrCreateContext()));
    }
  }

  /** Collects a body, and ends the response with it when it is closed. */
  private static final class Body extends ByteArrayOutputStream {

    private final HttpServerResponse response;
    private final Context loop;
    private boolean closed;

    Body(HttpServerResponse response, Context loop) {
      this.response = response;
      this.loop = loop;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        loop.runOnContext(now -> end());
      }
    }

    @SuppressWarnings("deprecation") // Vert.x has no other way without a copy
    private void end() {
      if (response.ended() || response.closed()) {
        return;
      }
      try {
        var unused = response.end(Buffer.buffer(Unpooled.wrappedBuffer(buf, 0, count)));
      } catch (RuntimeException e) { // what runs before the head is written has failed
        response.reset(Http2Error.INTERNAL_ERROR.code());
        throw e;
      }
    }
  }
}
