package dev.glimpse.api.grpc;

import dev.glimpse.api.http.GrpcExchange;
import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.bytes.NativeBlocks;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of a stream together, one at a time. Memory for a message is made when its
 * length is known, and allowed. For one thread.
 */
final class MessageAssembly {

  private final NativeBlocks blocks;
  private final ByteBuffer prefix = ByteBuffer.allocate(GrpcExchange.PREFIX_BYTES);
  private ByteBuffer arrived = ByteBuffer.allocate(0);
  private @Nullable ArrivingBytes message;

  MessageAssembly(NativeBlocks blocks) {
    this.blocks = blocks;
  }

  /**
   * Takes bytes that have arrived, when those before have been used up.
   *
   * @throws IllegalStateException if they have not
   */
  @SuppressWarnings("deprecation") // there is no other way without a copy
  void add(Buffer chunk) {
    if (arrived.hasRemaining()) {
      throw new IllegalStateException("Bytes have arrived before those before were read");
    }
    arrived = chunk.getByteBuf().nioBuffer();
  }

  /** Returns whether a message has begun and not ended. */
  boolean isWithin() {
    return prefix.position() > 0;
  }

  /** Reads the prefix on; returns whether it is complete and no message has begun with it. */
  boolean readPrefix() {
    while (prefix.hasRemaining() && arrived.hasRemaining()) {
      prefix.put(arrived.get());
    }
    return !prefix.hasRemaining() && message == null;
  }

  /** Returns the first byte of the prefix: whether the message is compressed. */
  int flag() {
    return prefix.get(0);
  }

  /** Returns the length in the prefix. */
  long length() {
    return Integer.toUnsignedLong(prefix.getInt(1));
  }

  /** Begins the message, for which there is memory. */
  void begin() {
    message = new ArrivingBytes(blocks, length());
  }

  /** Returns how many bytes of the message that has begun have not arrived. */
  long missing() {
    return length() - arrived.remaining();
  }

  /**
   * Reads the message on.
   *
   * @return the message, to be closed by the caller, once it is complete; null before
   * @throws OutOfMemoryError if the system has no more memory
   */
  @Nullable Bytes readMessage() {
    ArrivingBytes into = message;
    if (into == null) {
      return null;
    }
    int missing = (int) length() - into.length();
    int count = Math.min(missing, arrived.remaining());
    into.append(arrived.slice(arrived.position(), count));
    arrived.position(arrived.position() + count);
    if (count < missing) {
      return null;
    }
    Bytes complete = into.take();
    message = null;
    prefix.clear();
    return complete;
  }

  /** Discards what has arrived. */
  void close() {
    if (message != null) {
      message.close();
      message = null;
    }
    arrived = ByteBuffer.allocate(0);
  }
}
