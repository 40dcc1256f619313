package dev.glimpse.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.glimpse.TensorInference;
import dev.glimpse.engine.Tensor;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.TopK;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A body of V1 as a call of a model; the answer is JSON, a prediction for each instance. */
final class InstancesCall implements TensorInference.Call<byte[]> {

  private final String name;
  private final Optional<Integer> version;
  private final Supplier<byte[]> body;
  private boolean pictures;
  private List<String> outputs = List.of();
  private int count;
  private int topK;

  InstancesCall(String name, Optional<Integer> version, Supplier<byte[]> body) {
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
    InstancesBody instances = new InstancesBody(body.get(), model);
    List<Tensor> inputs = instances.read();
    count = instances.count();
    pictures = model.vision().isPresent() && inputs.get(0).spec().type().equals(Tensor.STRING);
    if (pictures) {
      int classes = model.labels().count();
      topK = instances.topK().orElse(TopK.usual(classes));
      if (topK < 1 || topK > classes) {
        throw ServingException.invalid("top_k", "must be from 1 to " + classes);
      }
    } else {
      outputs = Outputs.all(model);
    }
    return inputs;
  }

  @Override
  public List<String> outputs() {
    return outputs;
  }

  @Override
  public byte[] answer(Model model, List<Tensor> outputs) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = InferBody.JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("predictions");
      if (pictures) {
        classes(json, model, outputs.get(0));
      } else {
        rows(json, outputs);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void classes(JsonGenerator json, Model model, Tensor scores) throws IOException {
    ByteBuffer values = scores.elements();
    float[] row = new float[values.remaining() / Float.BYTES / count];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < row.length; k++) {
        row[k] = values.getFloat();
      }
      json.writeStartArray();
      for (Classification best :
          TopK.of(model.activation().apply(row), topK, model.labels().in(Labels.OWN_LANGUAGE))) {
        json.writeStartObject();
        json.writeStringField("label", best.label());
        json.writeNumberField("score", best.score());
        json.writeNumberField("index", best.index());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  /** Each instance's part of each output; of a single output without its name. */
  private void rows(JsonGenerator json, List<Tensor> outputs) throws IOException {
    List<ElementWriter> writers = new ArrayList<>();
    for (Tensor output : outputs) {
      if (output.spec().rank() == 0 || output.spec().dimension(0) != count) {
        throw new ServingException(
            Failure.UNFIT_TENSOR,
            "The output %s has no row for each of the %d instances; ask /v2/models/%s/infer."
                .formatted(output.spec(), count, name));
      }
      writers.add(new ElementWriter(json, output));
    }
    for (int i = 0; i < count; i++) {
      if (outputs.size() > 1) {
        json.writeStartObject();
      }
      for (int k = 0; k < outputs.size(); k++) {
        List<Long> shape = outputs.get(k).spec().shape();
        if (outputs.size() > 1) {
          json.writeFieldName(outputs.get(k).spec().name());
        }
        writers.get(k).nested(shape.subList(1, shape.size()));
      }
      if (outputs.size() > 1) {
        json.writeEndObject();
      }
    }
  }
}
