package dev.glimpse.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A connection to Redis. Commands may be sent by any thread and without waiting for the answers to
 * earlier ones. Their stages fail with a {@link RedisException}.
 */
interface Connection extends AutoCloseable {

  /** Runs a script that Redis has run before; fails with NOSCRIPT otherwise. */
  CompletionStage<Reply> evalSha(Script script, String key, List<String> arguments);

  /** Sends and runs a script. */
  CompletionStage<Reply> eval(Script script, String key, List<String> arguments);

  /**
   * Runs a script that returns a list of texts.
   *
   * @param known whether Redis has run it before; it fails with NOSCRIPT otherwise
   */
  CompletionStage<Reply> values(Script script, boolean known, String key, List<byte[]> arguments);

  /** Reads a value; the reply has no bytes if the key does not exist. */
  CompletionStage<Reply> get(String key);

  /** Writes a value, which Redis drops after a time. */
  CompletionStage<Reply> set(String key, byte[] value, Duration ttl);

  /**
   * Sets what is notified when the connection has ended by itself, with the reason as in {@link
   * RedisException}; at once if it has ended already.
   */
  void onEnd(Consumer<String> listener);

  /** Closes the connection; what is not answered fails. */
  @Override
  void close();

  /** Opens connections. */
  interface Connector {

    /**
     * Opens a connection and logs in. Does not block.
     *
     * @return a future that fails with a {@link RedisException}; when it is completed by someone
     *     else, the attempt is given up
     */
    CompletableFuture<Connection> connect();
  }
}
