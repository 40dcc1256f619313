package dev.glimpse.api.grpc.services;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A call whose messages a test sends and receives one by one. */
final class GrpcStream {

  private static final int PATIENCE_SECONDS = 30;

  private final HttpClientRequest request;
  private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
  private final Promise<Integer> status = Promise.promise();
  private Buffer arrived = Buffer.buffer();

  GrpcStream(GrpcClient client, String method, Map<String, String> headers) {
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
    response.exceptionHandler(status::tryFail);
    response.endHandler(end -> {
      String code = response.getTrailer("grpc-status");
      status.tryComplete(Integer.parseInt(code == null ? response.getHeader("grpc-status") : code));
    });
  }

  void send(byte[] bytes) {
    GrpcClient.await(request.write(Buffer.buffer(bytes)));
  }

  void end() {
    GrpcClient.await(request.end());
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
