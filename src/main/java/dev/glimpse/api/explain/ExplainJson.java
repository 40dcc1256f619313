package dev.glimpse.api.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.glimpse.api.predict.PredictJson;
import dev.glimpse.api.predict.PredictResponse;
import dev.glimpse.explain.ClassMap;
import dev.glimpse.explain.ExplainedImage;
import dev.glimpse.explain.Explanation;
import dev.glimpse.preprocess.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes answers as {@link ExplainResponse} describes them, by hand, as there is no record. */
public final class ExplainJson {

  private final JsonFactory factory;

  ExplainJson(JsonFactory factory) {
    this.factory = factory;
  }

  /** Returns the answer to a request of this id, as UTF-8. */
  byte[] of(String id, ExplainedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("id", id);
      json.writeStringField("model", image.model());
      json.writeStringField("version", Integer.toString(image.version()));
      write(image.explanation(), json);
      PredictJson.write(PredictResponse.Timing.of(image.timing()), json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // into memory, nothing fails
    }
    return out.toByteArray();
  }

  /** Writes an explanation as fields of an object. */
  public static void write(Explanation explanation, JsonGenerator json) throws IOException {
    json.writeFieldName("explained");
    PredictJson.write(PredictResponse.Prediction.of(explanation.explained()), json);
    json.writeStringField("method", explanation.method().word());
    json.writeNumberField("runs", explanation.runs());
    json.writeFieldName("map");
    write(explanation.map(), json);
    json.writeFieldName("window");
    write(explanation.view(), json);
  }

  private static void write(ClassMap map, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("width", map.width());
    json.writeNumberField("height", map.height());
    json.writeArrayFieldStart("values");
    for (float value : map.values()) {
      json.writeNumber(value);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(View window, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("left", window.left());
    json.writeNumberField("top", window.top());
    json.writeNumberField("right", window.right());
    json.writeNumberField("bottom", window.bottom());
    json.writeEndObject();
  }
}
