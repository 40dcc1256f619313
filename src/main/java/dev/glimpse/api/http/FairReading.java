package dev.glimpse.api.http;

import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Lets a connection read one buffer of 64 kB at most before it is another connection's turn. With
 * Netty's sixteen, a short request waits for a megabyte of each large body on its event loop.
 */
final class FairReading {

  private FairReading() {}

  /** Applies to a request's connection, from its next turn on. */
  static void of(HttpServerRequest request) {
    if (request.connection() instanceof ConnectionBase connection
        && connection.channel().config().getRecvByteBufAllocator()
            instanceof MaxMessagesRecvByteBufAllocator reads) {
      reads.maxMessagesPerRead(1);
    }
  }
}
