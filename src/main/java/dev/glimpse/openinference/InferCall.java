package dev.glimpse.openinference;

import com.fasterxml.jackson.core.Base64Variants;
import dev.glimpse.TensorInference;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.openinference.InferAnswer.Output;
import dev.glimpse.openinference.InferRequest.Input;
import dev.glimpse.openinference.InferRequest.Requested;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A body of {@code infer} as a call of a model. It is read once the model is found. */
final class InferCall implements TensorInference.Call<InferAnswer> {

  private final String name;
  private final Optional<Integer> version;
  private final Function<Model, InferRequest> body;
  private List<String> outputs = List.of();
  private InferRequest request = new InferRequest(Optional.empty(), List.of(), List.of(), false);

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
  public List<Tensor> inputs(Model model) {
    request = body.apply(model);
    boolean decode = model.vision().isPresent();
    List<Tensor> inputs =
        request.inputs().stream()
            .map(input -> decode && input.text() ? decoded(input) : input.tensor())
            .toList();
    boolean pictures = decode && inputs.get(0).spec().type().equals(Tensor.STRING);
    List<String> names = request.outputs().stream().map(Requested::name).toList();
    outputs = names.isEmpty() && !pictures ? Outputs.all(model) : Outputs.named(names, model);
    return inputs;
  }

  /** Pictures cannot be strings in JSON but in base64. */
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
  public List<String> outputs() {
    return outputs;
  }

  @Override
  public InferAnswer answer(Model model, List<Tensor> outputs) {
    List<Output> wanted = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Tensor output = outputs.get(i);
      if (request.outputs().isEmpty()) {
        wanted.add(new Output(output, request.binary()));
        continue;
      }
      Requested requested = request.outputs().get(i);
      wanted.add(
          new Output(
              requested.classes() == 0 ? output : Classes.of(output, requested.classes(), model),
              requested.binary()));
    }
    return InferAnswer.of(request, model, wanted);
  }
}
