package dev.glimpse.api.kserve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.api.tensorjson.TensorJson;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the body of V1, {@code {"instances": […]}}: of images, each {@code {"b64": "…"}} or that
 * under a name; or of tensors without their first dimension, each nested as its shape is, or, by
 * their names, in an object.
 */
final class InstancesBody {

  private final byte[] body;
  private final Model model;
  private final InstanceImages images;
  private final Map<String, InstanceRows> rows = new LinkedHashMap<>();
  private int count;
  private OptionalInt topK = OptionalInt.empty();

  /**
   * Creates the reader of one body.
   *
   * @param maxImages how many images it may hold; tensors are bounded by the body's size
   */
  InstancesBody(byte[] body, Model model, int maxImages) {
    this.body = body;
    this.model = model;
    this.images = new InstanceImages(maxImages);
  }

  /**
   * Reads it.
   *
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER; TOO_LARGE if there are more
   *     than {@code maxImages}
   */
  List<Tensor> read() {
    TensorJson.parse(body, body.length, json -> JsonFields.each(json, "", this::field));
    if (count == 0) {
      throw ServingException.invalid("instances", "must hold at least one");
    }
    if (!images.isEmpty()) {
      TensorSpec input = model.session().input();
      return List.of(Tensor.ofStrings(input.name(), List.of((long) count), images.files()));
    }
    return rows.values().stream().map(InstanceRows::stacked).toList();
  }

  int count() {
    return count;
  }

  /** Returns how many classes of each image to return; empty if the body does not say. */
  OptionalInt topK() {
    return topK;
  }

  /** Each instance holds what the first does: one image, or one row of each of some inputs. */
  private void requireOneKind() {
    if (images.isEmpty() && rows.isEmpty()) {
      throw ServingException.invalid(
          "instances",
          model.classificationTask().isPresent()
              ? "must hold images, each as {\"b64\": \"…\"}, or tensors: " + model.describeInputs()
              : "must hold tensors: " + model.describeInputs());
    }
    boolean ofImages = rows.isEmpty() && images.count() == count;
    boolean ofRows =
        images.isEmpty() && rows.values().stream().allMatch(values -> values.count() == count);
    if (!ofImages && !ofRows) {
      throw notOneKind();
    }
  }

  private ServingException notOneKind() {
    return ServingException.invalid(
        "instances",
        "must be all of one kind, each one image or the same tensors, and instances[%d] is not"
            .formatted(count - 1));
  }

  private void field(JsonParser json, String name) throws IOException {
    switch (name) {
      case "instances" -> JsonFields.array(json, name, this::instance);
      case "inputs" ->
          throw ServingException.invalid(
              name, "is TensorFlow Serving's columnar form, which is not read; send \"instances\"");
      case "parameters" ->
          JsonFields.each(
              json,
              name,
              (value, parameter) -> {
                if (parameter.equals("top_k")) {
                  topK = OptionalInt.of(JsonFields.count(value, parameter));
                } else {
                  JsonFields.skip(value);
                }
              });
      default -> JsonFields.skip(json);
    }
  }

  private void instance(JsonParser json) throws IOException {
    String field = "instances[" + count++ + "]"; // formatted would take seconds for millions
    if (json.currentToken() == JsonToken.START_OBJECT) {
      JsonFields.each(json, field, (value, name) -> named(value, name, field));
      requireOneKind();
      return;
    }
    if (model.session().inputs().size() != 1) {
      throw ServingException.invalid(
          field,
          "must be an object with the inputs of \"%s\": %s"
              .formatted(model.name(), model.describeInputs()));
    }
    row(json, model.session().inputs().get(0), field);
  }

  private void named(JsonParser json, String name, String field) throws IOException {
    if (name.equals(InstanceImages.FIELD) && model.classificationTask().isPresent()) {
      images.add(json, field + "." + name);
      return;
    }
    if (json.currentToken() == JsonToken.START_OBJECT) {
      under(json, name, field);
      return;
    }
    Optional<TensorSpec> input =
        model.session().inputs().stream().filter(known -> known.name().equals(name)).findFirst();
    if (input.isPresent()) {
      row(json, input.get(), field + "." + name);
    } else if (!isExtraField(json)) {
      throw ServingException.invalid(
          field + "." + name,
          "is no input of \"%s\", which takes %s".formatted(model.name(), model.describeInputs()));
    }
  }

  /** Reads an image under a name; no deeper, or hostile names would be joined to endless ones. */
  private void under(JsonParser json, String name, String field) throws IOException {
    JsonFields.each(
        json,
        field,
        (value, inner) -> {
          if (inner.equals(InstanceImages.FIELD) && model.classificationTask().isPresent()) {
            images.add(value, field + "." + name + "." + inner);
          } else if (!isExtraField(value)) {
            throw ServingException.invalid(
                field + "." + name,
                model.classificationTask().isPresent()
                    ? "may hold an image as \"b64\", and no arrays and objects"
                    : "must be an array, or its element");
          }
        });
  }

  /** Returns whether a field may be ignored: clients send {@code {"b64": "…", "key": "7"}}. */
  private boolean isExtraField(JsonParser json) {
    return model.classificationTask().isPresent() && json.currentToken().isScalarValue();
  }

  private void row(JsonParser json, TensorSpec input, String field) throws IOException {
    if (!images.isEmpty()) {
      throw notOneKind();
    }
    rows.computeIfAbsent(input.name(), name -> new InstanceRows(input)).add(json, field, body);
  }
}
