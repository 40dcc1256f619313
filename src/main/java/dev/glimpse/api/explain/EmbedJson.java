package dev.glimpse.api.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.glimpse.api.predict.PredictJson;
import dev.glimpse.api.predict.PredictResponse;
import dev.glimpse.explain.Embedding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes answers as {@link EmbedResponse} describes them, by hand, as there is no record. */
final class EmbedJson {

  private final JsonFactory factory;

  EmbedJson(JsonFactory factory) {
    this.factory = factory;
  }

  /** Returns the answer to a request of this id, as UTF-8. */
  byte[] of(String id, Embedding embedding) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("id", id);
      json.writeStringField("model", embedding.model());
      json.writeStringField("version", Integer.toString(embedding.version()));
      json.writeNumberField("dimensions", embedding.vector().length);
      json.writeArrayFieldStart("embedding");
      for (float value : embedding.vector()) {
        json.writeNumber(value);
      }
      json.writeEndArray();
      PredictJson.write(PredictResponse.Timing.of(embedding.timing()), json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // into memory, nothing fails
    }
    return out.toByteArray();
  }
}
