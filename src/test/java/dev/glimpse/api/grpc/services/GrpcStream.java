package dev.glimpse.api.grpc.services;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A call whose messages a test sends and receives one by one. */
final class GrpcStream {

  private static final int PATIENCE_SECONDS = 30;

  private final GrpcClient client;
  private final HttpClientRequest request;
  private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
  private final Promise<Integer> status = Promise.promise();
  private Buffer arrived = Buffer.buffer();
  private final long everyMillis;

  GrpcStream(GrpcClient client, String method, Map<String, String> headers) {
    this(client, method, headers, 0);
  }

  /**
   * Opens a stream that reads slowly.
   *
   * @param everyMillis how often it reads a chunk; 0: as they come; below 0: never
   */
  GrpcStream(GrpcClient client, String method, Map<String, String> headers, long everyMillis) {
    this.client = client;
    this.everyMillis = everyMillis;
    this.request = GrpcClient.await(client.open(method, headers));
    request.setChunked(true);
    request.response().onSuccess(this::receive).onFailure(status::tryFail);
    GrpcClient.await(request.sendHead());
  }

  private void receive(HttpClientResponse response) {
    response.handler(chunk -> {
      arrived.appendBuffer(chunk);
      while (arrived.length() >= 5 && arrived.length() >= 5 + arrived.getInt(1)) {
        int end = 5 + arrived.getInt(1);
        messages.add(arrived.getBytes(5, end));
        arrived = arrived.getBuffer(end, arrived.length());
      }
    });
    if (everyMillis != 0) {
      response.pause();
    }
    if (everyMillis > 0) {
      client.every(everyMillis, status.future(), () -> response.fetch(1));
    }
    response.exceptionHandler(status::tryFail);
    response.endHandler(end -> {
      String code = response.getTrailer("grpc-status");
      status.tryComplete(Integer.parseInt(code == null ? response.getHeader("grpc-status") : code));
    });
  }

  void send(byte[] bytes) {
    GrpcClient.await(request.write(Buffer.buffer(bytes)));
  }

  /** Sends without waiting until the service has taken all of it. */
  void begin(byte[] bytes) {
    request.write(Buffer.buffer(bytes)).onFailure(status::tryFail);
  }

  void end() {
    GrpcClient.await(request.end());
  }

  /** Returns how many bytes the only call of its connection may send. */
  long window() throws Exception {
    Channel channel = ((ConnectionBase) request.connection()).channel();
    return channel
        .eventLoop()
        .submit(() -> window(channel))
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static long window(Channel channel) throws Http2Exception {
    Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
    Http2Stream stream = handler.connection().forEachActiveStream(any -> false);
    return stream == null ? 0 : handler.encoder().flowController().windowSize(stream);
  }

  void cancel() {
    request.reset(8);
  }

  ProtoFields next() throws InterruptedException {
    byte[] message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no message");
    }
    return ProtoFields.of(message);
  }

  Future<Integer> status() {
    return status.future();
  }
}
