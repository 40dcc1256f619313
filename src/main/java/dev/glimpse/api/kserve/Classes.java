package dev.glimpse.api.kserve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.glimpse.postprocess.Classification;
import java.io.IOException;
import java.util.List;

/** Writes an image's best classes. */
final class Classes {

  private Classes() {}

  static void write(List<Classification> classes, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (Classification best : classes) {
      json.writeStartObject();
      json.writeStringField("label", best.label());
      json.writeNumberField("score", best.score());
      json.writeNumberField("index", best.index());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
