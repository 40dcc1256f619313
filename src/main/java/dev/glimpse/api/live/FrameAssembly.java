package dev.glimpse.api.live;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a message together that arrives in several WebSocket frames, and keeps none of one that is
 * too large. Confined to its connection's event loop.
 */
final class FrameAssembly {

  private final int most;
  private Buffer bytes = Buffer.buffer();
  private boolean tooLarge;

  /**
   * Creates an assembly.
   *
   * @param most bytes of a message
   */
  FrameAssembly(int most) {
    this.most = most;
  }

  /**
   * A complete message.
   *
   * @param bytes null if they were too many
   */
  record Message(@Nullable Buffer bytes) {}

  /** Forgets what has come of a message. */
  void clear() {
    bytes = Buffer.buffer();
  }

  /** Adds a part; returns the message if this was the last one. */
  Optional<Message> add(Buffer part, boolean last) {
    tooLarge |= part.length() > most - bytes.length();
    if (tooLarge) {
      bytes = Buffer.buffer(); // nothing of it is of use
    } else {
      bytes.appendBuffer(part);
    }
    if (!last) {
      return Optional.empty();
    }
    Message message = new Message(tooLarge ? null : bytes);
    bytes = Buffer.buffer();
    tooLarge = false;
    return Optional.of(message);
  }
}
