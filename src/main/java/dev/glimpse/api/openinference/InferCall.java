package dev.glimpse.api.openinference;

import dev.glimpse.api.http.Base64Text;
import dev.glimpse.api.openinference.InferRequest.Input;
import dev.glimpse.api.openinference.InferRequest.Requested;
import dev.glimpse.api.tensorjson.ServableOutputs;
import dev.glimpse.api.tensorjson.StringElements;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.TensorCall;
import dev.glimpse.pipeline.TensorRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Calls a model with a request of {@code infer}, which is read once the model is known.
 *
 * @param <A> the response
 */
public final class InferCall<A> implements TensorCall<InferRequest, A> {

  /** Names the vectors of a classifier whose graph has no output of this name. */
  private static final String VECTOR = "embedding";

  private final String name;
  private final Optional<Integer> version;
  private final OptionalLong heapBytes;
  private final Function<Model, InferRequest> body;
  private final Encoder<A> encoder;

  /** Writes a response. */
  @FunctionalInterface
  public interface Encoder<A> {

    /** Writes the outputs, in the order in which the request names them. */
    A encode(InferRequest request, Model model, List<InferOutput> outputs);
  }

  /**
   * Prepares a call.
   *
   * @param body reads the request, on a worker
   */
  public InferCall(
      String name,
      Optional<Integer> version,
      Function<Model, InferRequest> body,
      Encoder<A> encoder) {
    this(name, version, OptionalLong.empty(), body, encoder);
  }

  /**
   * Prepares a call.
   *
   * @param heapBytes as {@link #heapBytes} returns it
   * @param body reads the request, on a worker
   */
  public InferCall(
      String name,
      Optional<Integer> version,
      OptionalLong heapBytes,
      Function<Model, InferRequest> body,
      Encoder<A> encoder) {
    this.name = name;
    this.version = version;
    this.heapBytes = heapBytes;
    this.body = body;
    this.encoder = encoder;
  }

  @Override
  public Optional<String> model() {
    return Optional.of(name);
  }

  @Override
  public Optional<Integer> version() {
    return version;
  }

  @Override
  public OptionalLong heapBytes() {
    return heapBytes;
  }

  @Override
  public TensorRequest<InferRequest> parse(Model model) {
    InferRequest request = body.apply(model);
    boolean decode = model.classificationTask().isPresent();
    List<Tensor> inputs =
        request.inputs().stream()
            .map(input -> decode && input.text() ? decoded(input) : input.tensor())
            .toList();
    boolean images = decode && inputs.get(0).spec().type().equals(Tensor.STRING);
    List<String> names = request.outputs().stream().map(Requested::name).toList();
    List<String> outputs =
        names.isEmpty() && !images
            ? ServableOutputs.all(model)
            : ServableOutputs.named(names, model);
    return new TensorRequest<>(model, inputs, outputs, vector(request, model), request);
  }

  /**
   * Returns the name under which a request asks for a classifier's vectors, besides the outputs of
   * its graph.
   *
   * @throws ServingException INVALID_PARAMETER if it asks for the best of their numbers
   */
  public static Optional<String> vector(InferRequest request, Model model) {
    if (model.classificationTask().isEmpty()
        || model.session().outputs().stream().anyMatch(output -> output.name().equals(VECTOR))) {
      return Optional.empty();
    }
    return request.outputs().stream()
        .filter(output -> output.name().equals(VECTOR))
        .findFirst()
        .map(output -> {
          if (output.classes() > 0) {
            throw ServingException.invalid(
                "classification", "needs scores, and \"%s\" has none".formatted(VECTOR));
          }
          return VECTOR;
        });
  }

  /** Decodes images, which JSON's strings can hold only in base64. */
  private static Tensor decoded(Input input) {
    TensorSpec spec = input.tensor().spec();
    if (!spec.type().equals(Tensor.STRING)) {
      return input.tensor();
    }
    StringElements files = new StringElements();
    ByteBuffer texts = input.tensor().elements();
    while (texts.hasRemaining()) {
      byte[] text = new byte[texts.getInt()]; // the lengths are right, as they come from JSON
      texts.get(text);
      files.add(Base64Text.decode(new String(text, StandardCharsets.ISO_8859_1), spec.name()));
    }
    return new Tensor(spec, files.data());
  }

  @Override
  public A encode(TensorRequest<InferRequest> request, List<Tensor> outputs) {
    InferRequest body = request.body();
    List<InferOutput> encoded = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Tensor output = outputs.get(i);
      if (body.outputs().isEmpty()) {
        encoded.add(new InferOutput(output, body.binary()));
        continue;
      }
      Requested requested = body.outputs().get(i);
      encoded.add(
          new InferOutput(
              requested.classes() == 0
                  ? output
                  : ClassificationExtension.of(output, requested.classes(), request.model()),
              requested.binary()));
    }
    return encoder.encode(body, request.model(), encoded);
  }
}
