package dev.glimpse.api.kserve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.glimpse.api.explain.ExplainJson;
import dev.glimpse.api.explain.ExplainParameters;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.api.tensorjson.TensorJson;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.explain.ExplainedImage;
import dev.glimpse.explain.ExplanationRequest;
import dev.glimpse.explain.ExplanationRequests;
import dev.glimpse.explain.Method;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ClassificationRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the body of V1's {@code :explain}, {@code {"instances": [{"b64": "…"}]}} with images only,
 * and writes its response: a prediction and an explanation for each. For one request.
 */
final class ExplainCall {

  private final InstanceImages images;
  private Optional<Integer> topK = Optional.empty();
  private Optional<String> ofClass = Optional.empty();
  private Method method = Method.AUTO;

  private ExplainCall(int maxImages) {
    this.images = new InstanceImages(maxImages);
  }

  /**
   * Reads a body.
   *
   * @param maxImages how many images it may hold
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER; TOO_LARGE if there are more
   *     images
   */
  static ExplanationRequests read(
      byte[] body, String model, Optional<Integer> version, int maxImages) {
    ExplainCall call = new ExplainCall(maxImages);
    TensorJson.parse(body, body.length, json -> JsonFields.each(json, "", call::field));
    if (call.images.isEmpty()) {
      throw ServingException.invalid("instances", "must hold images, each as {\"b64\": \"…\"}");
    }
    return new ExplanationRequests(
        Optional.of(model),
        version,
        call.images.files().stream().map(image -> call.request(image, model, version)).toList());
  }

  private ExplanationRequest request(byte[] image, String model, Optional<Integer> version) {
    ClassificationRequest request =
        new ClassificationRequest(
            Bytes.of(image),
            Optional.of(model),
            version,
            topK.map(ClassificationOptions::ofTopK).orElse(ClassificationOptions.NONE));
    return new ExplanationRequest(request, ofClass, method, OptionalInt.empty());
  }

  private void field(JsonParser json, String name) throws IOException {
    switch (name) {
      case "instances" -> JsonFields.array(json, name, this::instance);
      case "parameters" -> JsonFields.each(json, name, this::parameter);
      default -> JsonFields.skip(json);
    }
  }

  private void instance(JsonParser json) throws IOException {
    String field = "instances[" + images.count() + "]";
    int before = images.count();
    JsonFields.each(
        json,
        field,
        (value, name) -> {
          if (name.equals(InstanceImages.FIELD)) {
            images.add(value, field + "." + name);
          } else if (value.currentToken().isStructStart()) {
            under(value, field + "." + name);
          }
        });
    if (images.count() != before + 1) {
      throw ServingException.invalid(field, "must hold one image, as {\"b64\": \"…\"}");
    }
  }

  /** Reads an image under a name. */
  private void under(JsonParser json, String field) throws IOException {
    JsonFields.each(
        json,
        field,
        (value, name) -> {
          if (name.equals(InstanceImages.FIELD)) {
            images.add(value, field + "." + name);
          } else {
            JsonFields.skip(value);
          }
        });
  }

  private void parameter(JsonParser json, String name) throws IOException {
    switch (name) {
      case "top_k" -> topK = Optional.of(JsonFields.count(json, name, 1));
      case "method" -> method = method(json, name);
      case "class" -> ofClass = Optional.of(ofClass(json, name));
      default -> JsonFields.skip(json);
    }
  }

  private static Method method(JsonParser json, String name) throws IOException {
    return Method.of(JsonFields.text(json, name))
        .orElseThrow(() -> ServingException.invalid(name, "must be " + Method.WORDS));
  }

  private static String ofClass(JsonParser json, String name) throws IOException {
    if (!json.currentToken().isScalarValue()
        || json.getText().length() > ExplainParameters.MOST_LABEL_CHARACTERS) {
      throw ServingException.invalid(
          name, "must be an index, or a label of at most 256 characters");
    }
    return json.getText();
  }

  /** Returns the response. */
  static byte[] write(List<ExplainedImage> explained) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = TensorJson.FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("predictions");
      for (ExplainedImage image : explained) {
        Classes.write(image.explanation().best(), json);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("explanations");
      for (ExplainedImage image : explained) {
        json.writeStartObject();
        ExplainJson.write(image.explanation(), json);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
