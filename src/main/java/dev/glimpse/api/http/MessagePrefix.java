package dev.glimpse.api.http;

import java.nio.ByteBuffer;

/**
 * Reads how long a body of gRPC is, whose first bytes announce the length of the message that is
 * all it holds. Requests of gRPC have no other header that says so. For one thread.
 */
final class MessagePrefix {

  private final ByteBuffer prefix = ByteBuffer.allocate(GrpcExchange.PREFIX_BYTES);

  /**
   * Reads the prefix on.
   *
   * @param next the body's next bytes, whose position stays where it is
   * @return whether it is complete now, and was not before
   */
  boolean completedBy(ByteBuffer next) {
    if (isComplete()) {
      return false;
    }
    int count = Math.min(prefix.remaining(), next.remaining());
    prefix.put(next.slice(next.position(), count));
    return isComplete();
  }

  /** Returns whether the length is known. */
  boolean isComplete() {
    return !prefix.hasRemaining();
  }

  /** Returns the length of the whole body, the prefix included; -1 if it is not known. */
  long bodyBytes() {
    return isComplete() ? GrpcExchange.PREFIX_BYTES + Integer.toUnsignedLong(prefix.getInt(1)) : -1;
  }
}
