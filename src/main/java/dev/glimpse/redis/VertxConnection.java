package dev.glimpse.redis;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import io.vertx.redis.client.impl.types.ErrorType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A connection of the Redis client of Vert.x. */
final class VertxConnection implements Connection {

  private static final String CLOSED = "has closed the connection";

  private final Redis client;
  private final RedisConnection connection;
  private final CompletableFuture<String> ended = new CompletableFuture<>();

  /**
   * Takes over a connection.
   *
   * @param client whose only connection it is; owned
   */
  VertxConnection(Redis client, RedisConnection connection) {
    this.client = client;
    this.connection = connection;
    connection.endHandler(unused -> ended.complete(CLOSED));
    connection.exceptionHandler(failure -> ended.complete(failure(failure).reason()));
  }

  @Override
  public CompletionStage<Reply> evalSha(Script script, String key, List<String> arguments) {
    return send(script(Command.EVALSHA, script.sha1(), key, arguments));
  }

  @Override
  public CompletionStage<Reply> eval(Script script, String key, List<String> arguments) {
    return send(script(Command.EVAL, script.text(), key, arguments));
  }

  @Override
  public CompletionStage<Reply> values(
      Script script, boolean known, String key, List<byte[]> arguments) {
    Request request =
        known
            ? Request.cmd(Command.EVALSHA).arg(script.sha1())
            : Request.cmd(Command.EVAL).arg(script.text());
    request.arg(1).arg(key);
    arguments.forEach(argument -> request.arg(Buffer.buffer(argument)));
    return send(request, VertxConnection::values);
  }

  private static Request script(
      Command command, String script, String key, List<String> arguments) {
    Request request = Request.cmd(command).arg(script).arg(1).arg(key);
    arguments.forEach(request::arg);
    return request;
  }

  @Override
  public CompletionStage<Reply> get(String key) {
    return send(Request.cmd(Command.GET).arg(key));
  }

  @Override
  public CompletionStage<Reply> set(String key, byte[] value, Duration ttl) {
    return send(
        Request.cmd(Command.SET)
            .arg(key)
            .arg(Buffer.buffer(value))
            .arg("PX")
            .arg(Math.max(1, ttl.toMillis())));
  }

  private CompletionStage<Reply> send(Request request) {
    return send(request, VertxConnection::reply);
  }

  private CompletionStage<Reply> send(
      Request request, Function<@Nullable Response, Reply> understood) {
    return connection
        .send(request)
        .map(understood)
        .recover(failure -> Future.failedFuture(failure(failure)))
        .toCompletionStage();
  }

  private static Reply reply(@Nullable Response response) {
    if (response == null) {
      return new Reply(null, List.of());
    }
    if (response.type() == ResponseType.MULTI) {
      return new Reply(
          null, StreamSupport.stream(response.spliterator(), false).map(Response::toLong).toList());
    }
    return new Reply(response.type() == ResponseType.BULK ? response.toBytes() : null, List.of());
  }

  private static Reply values(@Nullable Response response) {
    List<byte[]> values = new ArrayList<>();
    if (response != null && response.type() == ResponseType.MULTI) {
      response.forEach(value -> values.add(value.toBytes()));
    }
    return new Reply(null, List.of(), values);
  }

  /** Explains why a command has failed. */
  static RedisException failure(Throwable failure) {
    if (failure instanceof RedisException known) {
      return known;
    }
    if (failure instanceof ErrorType error) {
      return RedisException.answered(String.valueOf(error.getMessage()));
    }
    return new RedisException(
        failure instanceof IOException
            ? CLOSED
            : "does not answer as Redis does (" + failure.getClass().getSimpleName() + ")");
  }

  @Override
  public void onEnd(Consumer<String> listener) {
    var unused = ended.thenAccept(listener);
  }

  @Override
  public void close() {
    client.close();
  }
}
