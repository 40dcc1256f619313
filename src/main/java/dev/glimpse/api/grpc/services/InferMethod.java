package dev.glimpse.api.grpc.services;

import dev.glimpse.TensorInference;
import dev.glimpse.api.grpc.GrpcMessage;
import dev.glimpse.api.http.ContentCoding;
import dev.glimpse.api.http.Exchange;
import dev.glimpse.api.openinference.InferCall;
import dev.glimpse.api.openinference.InferRequest;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.TensorCall;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Serves {@code ModelInfer}: tensors in and tensors out, as {@code POST /v2/…/infer} does. */
@ApplicationScoped
public class InferMethod implements GrpcMethod.Service {

  private final TensorInference inference;
  private final Exchange exchange;
  private final ContentCoding coding;
  private final UnaryCalls calls;

  InferMethod(
      TensorInference inference, Exchange exchange, ContentCoding coding, UnaryCalls calls) {
    this.inference = inference;
    this.exchange = exchange;
    this.coding = coding;
    this.calls = calls;
  }

  @Override
  public Map<String, GrpcMethod> methods() {
    return Map.of(ServerMethods.SERVICE + "ModelInfer", this::infer);
  }

  private void infer(RoutingContext context) {
    String encoding = UnaryCalls.encoding(context);
    calls.answer(
        context,
        exchange.<TensorCall<InferRequest, byte[]>, byte[]>askEncoded(
            context, inference::infer, body -> call(body, encoding)));
  }

  /** Returns the call that a message asks for. */
  static InferCall<byte[]> call(InferTarget target, Bytes message) {
    return new InferCall<>(
        target.model(),
        target.version(),
        OptionalLong.of(target.heapBytes()),
        model -> read(message, model),
        InferResponse::framed);
  }

  private TensorCall<InferRequest, byte[]> call(Bytes body, @Nullable String encoding) {
    Bytes message = GrpcMessage.only(body, encoding, coding);
    return call(InferTarget.read(message), message);
  }

  /** Reads a message, and closes it unless it may have to be read again. */
  private static InferRequest read(Bytes message, Model model) {
    InferRequest request = InferMessage.read(message.toArray());
    if (InferCall.vector(request, model).isEmpty()) {
      message.close();
    }
    return request;
  }
}
