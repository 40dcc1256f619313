package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import java.util.function.Consumer;

/**
 * Cuts what has arrived of a body for Vert.x, which stops reading when eight parts of a request
 * wait for its handler, however large they are.
 */
final class BodyParts {

  /** In bytes. */
  static final int MOST = 8 << 10;

  private BodyParts() {}

  /**
   * Passes on a part in smaller ones.
   *
   * @param part of which this takes ownership
   * @param parts receives them, in order, and takes ownership
   */
  static void cut(HttpContent part, Consumer<HttpContent> parts) {
    ByteBuf bytes = part.content();
    while (bytes.readableBytes() > MOST) {
      parts.accept(new DefaultHttpContent(bytes.readRetainedSlice(MOST)));
    }
    parts.accept(part);
  }
}
