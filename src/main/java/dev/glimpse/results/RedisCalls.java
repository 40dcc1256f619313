package dev.glimpse.results;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.redis.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Runs {@link RedisScript}, and reads what it returns. */
final class RedisCalls {

  private static final int RETRY_SECONDS = 10;

  /** Runs a script in Redis. */
  @FunctionalInterface
  interface Scripts {

    /**
     * Runs a script on a key.
     *
     * @return the texts that it returns; empty if Redis is not available; never fails
     */
    CompletableFuture<Optional<List<byte[]>>> run(
        Script script, String key, List<byte[]> arguments);
  }

  private final Scripts redis;
  private final String prefix;

  /**
   * Creates it.
   *
   * @param prefix what all keys begin with
   */
  RedisCalls(Scripts redis, String prefix) {
    this.redis = redis;
    this.prefix = prefix;
  }

  /**
   * Starts an operation.
   *
   * @param arguments bytes, lists of further arguments, and what is sent as its text
   * @return empty if Redis is not available; never fails
   */
  CompletableFuture<Optional<List<byte[]>>> start(String what, String id, Object... arguments) {
    List<byte[]> all = new ArrayList<>(List.of(bytes(what), bytes(id)));
    for (Object argument : arguments) {
      if (argument instanceof List<?> several) {
        several.forEach(one -> all.add(bytes(String.valueOf(one))));
      } else {
        all.add(argument instanceof byte[] known ? known : bytes(String.valueOf(argument)));
      }
    }
    return redis.run(RedisScript.ALL, prefix, all);
  }

  /**
   * Does an operation, and waits for it.
   *
   * @throws ServingException NOT_READY if Redis is not available
   */
  List<byte[]> call(String what, String id, Object... arguments) {
    return start(what, id, arguments)
        .join()
        .orElseThrow(() ->
            new ServingException(
                Failure.NOT_READY,
                "Results cannot be kept or found now; try again.",
                RETRY_SECONDS));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static int number(byte[] bytes) {
    return Integer.parseInt(text(bytes));
  }

  static Job job(byte[] json) {
    try {
      return JobFormat.job(JobFormat.unframe(line(json)).head());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static StoredResponse answer(byte[] head, byte[] body) {
    try {
      return JobFormat.answer(JobFormat.unframe(line(head)).head(), body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] line(byte[] json) {
    return bytes(text(json) + "\n");
  }
}
