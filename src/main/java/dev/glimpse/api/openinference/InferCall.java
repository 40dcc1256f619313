package dev.glimpse.api.openinference;

import com.fasterxml.jackson.core.Base64Variants;
import dev.glimpse.api.openinference.InferAnswer.Output;
import dev.glimpse.api.openinference.InferRequest.Input;
import dev.glimpse.api.openinference.InferRequest.Requested;
import dev.glimpse.api.tensorjson.ServableOutputs;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.TensorCall;
import dev.glimpse.pipeline.TensorRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Calls a model with a body of {@code infer}, which is read once the model is known. */
final class InferCall implements TensorCall<InferRequest, InferAnswer> {

  private final String name;
  private final Optional<Integer> version;
  private final Function<Model, InferRequest> body;

  InferCall(String name, Optional<Integer> version, Function<Model, InferRequest> body) {
    this.name = name;
    this.version = version;
    this.body = body;
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
    return new TensorRequest<>(model, inputs, outputs, request);
  }

  /** Decodes images, which JSON's strings can hold only in base64. */
  private static Tensor decoded(Input input) {
    TensorSpec spec = input.tensor().spec();
    if (!spec.type().equals(Tensor.STRING)) {
      return input.tensor();
    }
    List<byte[]> files = new ArrayList<>();
    for (byte[] text : input.tensor().strings()) {
      try {
        files.add(
            Base64Variants.getDefaultVariant()
                .decode(new String(text, StandardCharsets.ISO_8859_1)));
      } catch (IllegalArgumentException e) {
        throw ServingException.invalid(spec.name(), "must hold pictures in base64");
      }
    }
    return Tensor.ofStrings(spec.name(), spec.shape(), files);
  }

  @Override
  public InferAnswer encode(TensorRequest<InferRequest> request, List<Tensor> outputs) {
    InferRequest body = request.body();
    List<Output> encoded = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Tensor output = outputs.get(i);
      if (body.outputs().isEmpty()) {
        encoded.add(new Output(output, body.binary()));
        continue;
      }
      Requested requested = body.outputs().get(i);
      encoded.add(
          new Output(
              requested.classes() == 0
                  ? output
                  : ClassificationExtension.of(output, requested.classes(), request.model()),
              requested.binary()));
    }
    return InferAnswer.of(body, request.model(), encoded);
  }
}
