package dev.glimpse.api.grpc.services;

import dev.glimpse.api.grpc.MessageWriter;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A client of gRPC by HTTP/2 with prior knowledge, over one connection. */
public final class GrpcClient implements AutoCloseable {

  static final String INFERENCE = "/inference.GRPCInferenceService/";
  static final String HEALTH = "/grpc.health.v1.Health/";

  private static final int PATIENCE_SECONDS = 30;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpClient http;
  private final int port;

  /**
   * Holds a response.
   *
   * @param fields headers and trailers
   */
  record Reply(int httpStatus, MultiMap fields, List<byte[]> messages) {

    int status() {
      return Integer.parseInt(fields.get("grpc-status"));
    }

    /** Returns the only message, read as protobuf. */
    ProtoFields message() {
      if (status() != 0 || messages.size() != 1) {
        throw new AssertionError(status() + " " + fields.get("grpc-message") + messages);
      }
      return ProtoFields.of(messages.get(0));
    }

    String text() {
      return URLDecoder.decode(
          fields.get("grpc-message").replace("+", "%2B"), StandardCharsets.UTF_8);
    }
  }

  public GrpcClient(int port) {
    this(port, Http2Settings.DEFAULT_INITIAL_WINDOW_SIZE);
  }

  /**
   * A client that takes so little of a response at a time.
   *
   * @param window bytes of a stream
   */
  GrpcClient(int port, int window) {
    this.port = port;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setInitialSettings(new Http2Settings().setInitialWindowSize(window))
                .setHttp2MaxPoolSize(1));
  }

  /** Calls a method with a message. */
  Reply call(String method, MessageWriter message) {
    return call(method, message, Map.of());
  }

  /** Calls a method with a message, and with more headers. */
  Reply call(String method, MessageWriter message, Map<String, String> headers) {
    return await(send(method, message.framed(), headers));
  }

  /** Calls a method with a body, however wrong. */
  Future<Reply> send(String method, byte[] body, Map<String, String> headers) {
    return open(method, headers)
        .compose(request -> {
          Future<Reply> reply = request.response().compose(GrpcClient::reply);
          request.end(Buffer.buffer(body));
          return reply;
        });
  }

  /** Asks as the kubelet does. */
  public boolean isServing(String service) {
    Reply reply = call(HEALTH + "Check", new MessageWriter().text(1, service));
    return reply.status() == 0 && reply.message().number(1) == 1;
  }

  /** Calls a method of the inference service with an image, and returns gRPC's status. */
  public int classify(String model, byte[] image) {
    return await(send(INFERENCE + "ModelInfer", picture(model, image), Map.of())).status();
  }

  /** Returns a request to classify an image. */
  static byte[] picture(String model, byte[] image) {
    return InferRequests.of(model)
        .message(5, InferRequests.input("pixel_values", "BYTES", 1L))
        .element(7, InferRequests.strings(image))
        .framed();
  }

  /** Begins a call, whose body is to follow. */
  Future<HttpClientRequest> open(String method, Map<String, String> headers) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("localhost")
            .setPort(port)
            .setURI(method)
            .putHeader("content-type", "application/grpc")
            .putHeader("te", "trailers");
    headers.forEach(options::putHeader);
    return http.request(options);
  }

  /** Does something again and again, until something else is done. */
  void every(long millis, Future<?> until, Runnable action) {
    long timer = vertx.setPeriodic(millis, id -> action.run());
    until.onComplete(done -> vertx.cancelTimer(timer));
  }

  private static Future<Reply> reply(HttpClientResponse response) {
    return response
        .body()
        .map(body -> {
          MultiMap fields = MultiMap.caseInsensitiveMultiMap();
          fields.addAll(response.headers()).addAll(response.trailers());
          return new Reply(response.statusCode(), fields, messages(body));
        });
  }

  /** Takes the messages out of what has arrived. */
  static List<byte[]> messages(Buffer body) {
    List<byte[]> messages = new ArrayList<>();
    int at = 0;
    while (at < body.length()) {
      int length = body.getInt(at + 1);
      messages.add(body.getBytes(at + 5, at + 5 + length));
      at += 5 + length;
    }
    return messages;
  }

  static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(http.close());
    await(vertx.close());
  }
}
