package dev.glimpse.api.kserve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.glimpse.api.tensorjson.ServableOutputs;
import dev.glimpse.api.tensorjson.TensorJson;
import dev.glimpse.api.tensorjson.TensorWriter;
import dev.glimpse.engine.Tensor;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.pipeline.TensorCall;
import dev.glimpse.pipeline.TensorRequest;
import dev.glimpse.postprocess.TopK;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Calls a model with a body of V1; the response is JSON, a prediction for each instance. */
final class InstancesCall implements TensorCall<InstancesCall.Instances, byte[]> {

  private final String name;
  private final Optional<Integer> version;
  private final int maxImages;
  private final Supplier<byte[]> body;

  InstancesCall(String name, Optional<Integer> version, int maxImages, Supplier<byte[]> body) {
    this.name = name;
    this.version = version;
    this.maxImages = maxImages;
    this.body = body;
  }

  /**
   * Says what a body holds.
   *
   * @param count how many instances
   * @param topK how many classes to return of each image; 0 if the instances are tensors
   */
  record Instances(int count, int topK) {

    boolean images() {
      return topK > 0;
    }
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
  public TensorRequest<Instances> parse(Model model) {
    InstancesBody instances = new InstancesBody(body.get(), model, maxImages);
    List<Tensor> inputs = instances.read();
    int count = instances.count();
    if (model.classificationTask().isPresent()
        && inputs.get(0).spec().type().equals(Tensor.STRING)) {
      int topK = topK(instances, model.labels().count());
      return new TensorRequest<>(model, inputs, List.of(), new Instances(count, topK));
    }
    return new TensorRequest<>(model, inputs, ServableOutputs.all(model), new Instances(count, 0));
  }

  private static int topK(InstancesBody instances, int classes) {
    int topK = instances.topK().orElse(TopK.usual(classes));
    if (topK < 1 || topK > classes) {
      throw ServingException.invalid("top_k", "must be from 1 to " + classes);
    }
    return topK;
  }

  @Override
  public byte[] encode(TensorRequest<Instances> request, List<Tensor> outputs) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = TensorJson.FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("predictions");
      if (request.body().images()) {
        classes(json, request, outputs.get(0));
      } else {
        rows(json, request.body().count(), outputs);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void classes(JsonGenerator json, TensorRequest<Instances> request, Tensor scores)
      throws IOException {
    Model model = request.model();
    int count = request.body().count();
    ResultOptions options = ResultOptions.of(model, request.body().topK());
    ByteBuffer values = scores.elements();
    float[] row = new float[values.remaining() / Float.BYTES / count];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < row.length; k++) {
        row[k] = values.getFloat();
      }
      Classes.write(options.answer(row, options.scores(row)).best(), json);
    }
  }

  /** Writes each instance's row of each output; that of a single output without its name. */
  private void rows(JsonGenerator json, int count, List<Tensor> outputs) throws IOException {
    List<TensorWriter> writers = new ArrayList<>();
    for (Tensor output : outputs) {
      if (output.spec().rank() == 0 || output.spec().dimension(0) != count) {
        throw new ServingException(
            Failure.UNFIT_TENSOR,
            "The output %s has no row for each of the %d instances; ask /v2/models/%s/infer."
                .formatted(output.spec(), count, name));
      }
      writers.add(new TensorWriter(json, output));
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
