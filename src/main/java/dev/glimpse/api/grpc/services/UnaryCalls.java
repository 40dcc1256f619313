package dev.glimpse.api.grpc.services;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.grpc.GrpcMessage;
import dev.glimpse.api.grpc.GrpcResponse;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.http.BodyReader;
import dev.glimpse.api.http.ContentCoding;
import dev.glimpse.api.http.GrpcExchange;
import dev.glimpse.api.http.RequestDeadline;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.bytes.Bytes;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves calls with one message each way. */
@ApplicationScoped
public class UnaryCalls {

  /**
   * Requests that are no tensors hold names. They skip the queue, and wait for no memory, as probes
   * have to be answered at once; anyone may send some of them without a key.
   */
  private static final int MOST_BYTES = 4 << 10;

  private final BodyReader reader;
  private final RequestDeadline deadline;
  private final ContentCoding coding;
  private final ProblemWriter problems;
  private final Vertx vertx;

  UnaryCalls(
      BodyReader reader,
      RequestDeadline deadline,
      ContentCoding coding,
      ProblemWriter problems,
      Vertx vertx) {
    this.reader = reader;
    this.deadline = deadline;
    this.coding = coding.atMost(MOST_BYTES);
    this.problems = problems;
    this.vertx = vertx;
  }

  /** Makes a method whose requests name something, and are answered at once, on the event loop. */
  GrpcMethod small(String message, Function<NamedRequest, MessageWriter> answer) {
    return context ->
        serve(
            context,
            in -> NamedRequest.read(message, in),
            request -> CompletableFuture.completedFuture(answer.apply(request)));
  }

  /**
   * Serves a call whose request is small.
   *
   * @param parser parses the request, on the event loop
   */
  <R> void serve(
      RoutingContext context,
      Function<CodedInputStream, R> parser,
      Function<R, CompletionStage<MessageWriter>> answer) {
    answer(context, read(context, parser).thenCompose(answer).thenApply(MessageWriter::framed));
  }

  /** Reads the only message of a call, which has to be small. */
  <R> CompletionStage<R> read(RoutingContext context, Function<CodedInputStream, R> parser) {
    return reader
        .readSmall(context, deadline.of(context.request()), MOST_BYTES)
        .thenApply(body -> {
          Bytes bytes = GrpcMessage.only(Bytes.of(body), encoding(context), coding);
          return parser.apply(CodedInputStream.newInstance(bytes.toArray()));
        });
  }

  /** Returns how a call's messages are compressed; null if they are not. */
  static @Nullable String encoding(RoutingContext context) {
    return context.request().getHeader(GrpcExchange.ENCODING);
  }

  /** Sends the answer, or the failure, as soon as it is there. */
  void answer(RoutingContext context, CompletionStage<byte[]> answer) {
    Context loop = vertx.getOrCreateContext();
    var unused =
        answer.whenComplete(
            (framed, failure) -> loop.runOnContext(now -> answer(context, framed, failure)));
  }

  private void answer(
      RoutingContext context, byte @Nullable [] framed, @Nullable Throwable failure) {
    if (failure != null) {
      problems.write(context, failure);
    } else if (framed != null && !context.response().ended() && !context.response().closed()) {
      GrpcResponse.end(context.response(), framed);
    }
  }
}
