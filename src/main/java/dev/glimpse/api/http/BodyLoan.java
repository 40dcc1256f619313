package dev.glimpse.api.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.SlicedByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lends parts of a body of HTTP/1 to a reader that copies them at once: they stay in the buffer
 * that the socket was read into. Vert.x would copy each to the heap before, which was two fifths of
 * the garbage of a request with an image. Confined to the connection's event loop.
 */
public final class BodyLoan {

  private static final AttributeKey<BodyLoan> KEY = AttributeKey.valueOf("glimpse.body-loan");

  private boolean open;
  private boolean returned;

  /** A part that Vert.x keeps for later. */
  private @Nullable ByteBuf late;

  private BodyLoan() {}

  /** Returns what lends the bodies of a connection of HTTP/1, from the first call on. */
  public static BodyLoan of(Channel connection) {
    BodyLoan loan = connection.attr(KEY).get();
    if (loan == null) {
      loan = new BodyLoan();
      connection.attr(KEY).set(loan);
    }
    return loan;
  }

  /** Returns what lends the bodies of a request's connection, or lends nothing. */
  static BodyLoan of(HttpServerRequest request) {
    BodyLoan loan =
        request.connection() instanceof ConnectionBase connection
            ? connection.channel().attr(KEY).get()
            : null;
    return loan == null ? new BodyLoan() : loan;
  }

  /** Lends what arrives from now on to a handler that calls {@link #returned} for each part. */
  void open() {
    open = true;
  }

  /** Lends nothing from now on. */
  void close() {
    open = false;
  }

  /** Notes that the handler does not use any more what it was given last. */
  void returned() {
    returned = true;
  }

  /** Lends nothing from now on, and takes back all: no part that was lent is read after that. */
  public void end() {
    open = false;
    if (late != null) {
      late.release();
      late = null;
    }
  }

  /** Returns whether the next part may be lent. */
  public boolean isOpen() {
    return open && late == null;
  }

  /**
   * Lends a part.
   *
   * @param part of which this takes ownership
   * @param reader passes it to Vert.x
   */
  public void lend(HttpContent part, Consumer<HttpContent> reader) {
    ByteBuf bytes = part.content();
    if (!bytes.isReadable()) {
      reader.accept(part);
      return;
    }
    returned = false;
    try {
      reader.accept(part.replace(new Lent(bytes)));
    } finally {
      if (returned) {
        bytes.release();
      } else {
        late = bytes;
      }
    }
  }

  /** Is a view of bytes that Vert.x takes for memory on the heap, which needs no copy. */
  @SuppressWarnings("deprecation") // there is no other class that can be extended
  private static final class Lent extends SlicedByteBuf {

    Lent(ByteBuf bytes) {
      super(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    @Override
    public ByteBufAllocator alloc() {
      return UnpooledByteBufAllocator.DEFAULT;
    }
  }
}
