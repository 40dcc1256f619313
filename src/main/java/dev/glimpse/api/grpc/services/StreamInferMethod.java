package dev.glimpse.api.grpc.services;

import dev.glimpse.TensorInference;
import dev.glimpse.api.access.RateFilter;
import dev.glimpse.api.grpc.MessageHandler;
import dev.glimpse.api.grpc.MessageStreams;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.http.GrpcExchange;
import dev.glimpse.api.http.RequestId;
import dev.glimpse.api.openinference.InferRequest;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.api.problem.Problems;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.TensorCall;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    MessageRate rate = new MessageRate(rates, context);
    streams.open(context, message -> serve(context, message, rate), problems::write);
  }

  private CompletionStage<byte[]> serve(
      RoutingContext context, MessageHandler.Message message, MessageRate rate) {
    AtomicReference<String> id = new AtomicReference<>("");
    IncomingRequest<TensorCall<InferRequest, byte[]>> request =
        message.request(bytes -> {
          InferTarget target = InferTarget.read(bytes);
          id.set(target.id());
          return InferMethod.call(target, bytes);
        });
    return rate.next()
        .thenCompose(allowed -> inferred(request))
        .handle((framed, failure) ->
            failure == null
                ? response(framed)
                : error(Problems.of(failure, RequestId.of(context)).detail(), id.get()));
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
