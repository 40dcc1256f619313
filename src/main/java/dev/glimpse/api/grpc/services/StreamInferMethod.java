package dev.glimpse.api.grpc.services;

import dev.glimpse.TensorInference;
import dev.glimpse.api.access.RateFilter;
import dev.glimpse.api.grpc.MessageStream;
import dev.glimpse.api.grpc.MessageStreams;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.http.GrpcExchange;
import dev.glimpse.api.http.RequestId;
import dev.glimpse.api.openinference.InferRequest;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.api.problem.Problems;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.TensorCall;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Serves Triton's {@code ModelStreamInfer}: requests of {@code ModelInfer} in a stream, answered in
 * order. One that fails is answered with the sentence of its failure, and the stream goes on.
 */
@ApplicationScoped
public class StreamInferMethod implements GrpcMethod.Service {

  private static final int ERROR_MESSAGE = 1;
  private static final int INFER_RESPONSE = 2;

  private final TensorInference inference;
  private final MessageStreams streams;
  private final RateFilter rates;
  private final ProblemWriter problems;

  StreamInferMethod(
      TensorInference inference, MessageStreams streams, RateFilter rates, ProblemWriter problems) {
    this.inference = inference;
    this.streams = streams;
    this.rates = rates;
    this.problems = problems;
  }

  @Override
  public Map<String, GrpcMethod> methods() {
    return Map.of(ServerMethods.SERVICE + "ModelStreamInfer", this::open);
  }

  private void open(RoutingContext context) {
    AtomicBoolean begun = new AtomicBoolean();
    streams.open(
        context, message -> serve(context, message, begun.getAndSet(true)), problems::write);
  }

  /**
   * Serves a message.
   *
   * @param counted whether it has to be counted against the caller's rate, as the first one of a
   *     stream has been with the call
   */
  private CompletionStage<byte[]> serve(
      RoutingContext context, MessageStream.Message message, boolean counted) {
    AtomicReference<String> id = new AtomicReference<>("");
    IncomingRequest<TensorCall<InferRequest, byte[]>> request =
        message.request(bytes -> {
          InferTarget target = InferTarget.read(bytes);
          id.set(target.id());
          return InferMethod.call(target, bytes);
        });
    return (counted ? counted(context) : CompletableFuture.<Void>completedStage(null))
        .thenCompose(allowed -> inferred(request))
        .handle((framed, failure) ->
            failure == null
                ? response(framed)
                : error(Problems.of(failure, RequestId.of(context)).detail(), id.get()));
  }

  /** Counts a message; goes on on its event loop, also if instances count together. */
  private CompletionStage<Void> counted(RoutingContext context) {
    CompletableFuture<Void> allowed = rates.takeMessage(context).toCompletableFuture();
    if (allowed.isDone()) {
      return allowed;
    }
    Context loop = context.vertx().getOrCreateContext();
    CompletableFuture<Void> onLoop = new CompletableFuture<>();
    var unused =
        allowed.whenComplete((ok, failure) ->
            loop.runOnContext(now -> {
              if (failure != null) {
                onLoop.completeExceptionally(failure);
              } else {
                onLoop.complete(null);
              }
            }));
    return onLoop;
  }

  private CompletionStage<byte[]> inferred(
      IncomingRequest<TensorCall<InferRequest, byte[]>> request) {
    try {
      return inference.infer(request);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static byte[] response(byte[] framed) {
    int from = GrpcExchange.PREFIX_BYTES;
    ByteBuffer response = ByteBuffer.wrap(framed, from, framed.length - from);
    return new MessageWriter().element(INFER_RESPONSE, response).framed();
  }

  /** Names the request in an empty response, as Triton does. */
  private static byte[] error(String sentence, String id) {
    return new MessageWriter()
        .text(ERROR_MESSAGE, sentence)
        .message(INFER_RESPONSE, new MessageWriter().text(3, id))
        .framed();
  }
}
