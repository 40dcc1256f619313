package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;

/**
 * Finds the byte that tells HTTP/2 with prior knowledge from HTTP/1 in a connection's first bytes.
 */
final class ProtocolPreface {

  /** HTTP/1 would read so much of the preface as a whole request. */
  private static final int REQUEST_BYTES = "PRI * HTTP/2.0\r\n\r\n".length();

  private final ByteBuf http2 = Http2CodecUtil.connectionPrefaceBuf();
  private int matched;
  private boolean broken;

  /** Returns whether it has turned out to be the preface of HTTP/2, but with a wrong end. */
  boolean isBroken() {
    return broken;
  }

  /**
   * Looks at the next bytes.
   *
   * @return how many of them it takes to know the protocol; all of them if they do not suffice
   */
  int decisive(ByteBuf bytes) {
    int readable = bytes.readableBytes();
    for (int i = 0; i < readable; i++) {
      if (bytes.getByte(bytes.readerIndex() + i) != http2.getByte(matched)) {
        broken = matched >= REQUEST_BYTES;
        return i + 1;
      }
      if (++matched == http2.readableBytes()) {
        return i + 1;
      }
    }
    return readable;
  }
}
