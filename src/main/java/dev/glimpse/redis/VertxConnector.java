package dev.glimpse.redis;

import dev.glimpse.failure.Printable;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Opens connections with the Redis client of Vert.x, a client for each: closing it is the one way
 * to close a connection that does not answer. Of an attempt that is given up the client is closed,
 * once: it may still report that it has connected, and fails when it is closed again.
 */
final class VertxConnector implements Connection.Connector {

  /** Commands that may wait for an answer; a further one fails. */
  private static final int MOST_PENDING = 1024;

  private final Vertx vertx;
  private final RedisUrl url;

  VertxConnector(Vertx vertx, RedisUrl url) {
    this.vertx = vertx;
    this.url = url;
  }

  @Override
  public CompletableFuture<Connection> connect() {
    Redis client = Redis.createClient(vertx, options());
    CompletableFuture<Connection> attempt = new CompletableFuture<>();
    var unused =
        attempt.whenComplete((opened, failure) -> {
          if (failure != null) {
            client.close();
          }
        });
    client
        .connect()
        .onSuccess(opened -> attempt.complete(new VertxConnection(client, opened)))
        .onFailure(failure -> attempt.completeExceptionally(explained(failure)));
    return attempt;
  }

  private RedisOptions options() {
    return new RedisOptions()
        .setConnectionString(url.withPassword())
        .setMaxWaitingHandlers(MOST_PENDING)
        .setMaxPoolSize(1)
        .setPoolName("redis")
        .setPoolCleanerInterval(-1)
        .setPoolRecycleTimeout(-1)
        .setNetClientOptions(
            new NetClientOptions()
                .setConnectTimeout((int) RedisLink.CONNECT_TIMEOUT.toMillis())
                .setSsl(url.isEncrypted())
                .setHostnameVerificationAlgorithm(url.isEncrypted() ? "HTTPS" : ""));
  }

  private static RedisException explained(Throwable failure) {
    RedisException known = VertxConnection.failure(failure);
    String message = failure.getMessage();
    return failure instanceof IOException && message != null
        ? new RedisException("cannot be reached (%s)".formatted(Printable.of(message)))
        : known;
  }
}
