package dev.glimpse.api.predict;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.glimpse.api.predict.PredictResponse.Group;
import dev.glimpse.api.predict.PredictResponse.Prediction;
import dev.glimpse.api.predict.PredictResponse.Timing;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;

/**
 * Writes the answer as the contract has it, label first. By hand, because what Quarkus generates
 * sorts by the alphabet and does not heed {@code @JsonPropertyOrder}.
 */
@Singleton
public class PredictJson implements ObjectMapperCustomizer {

  @Override
  public void customize(ObjectMapper mapper) {
    mapper.registerModule(new SimpleModule("predict").addSerializer(new Writer()));
  }

  /** After what Quarkus generates: the module that comes last is asked first. */
  @Override
  public int priority() {
    return MINIMUM_PRIORITY;
  }

  private static final class Writer extends StdSerializer<PredictResponse> {

    private static final long serialVersionUID = 1L;

    Writer() {
      super(PredictResponse.class);
    }

    @Override
    public void serialize(PredictResponse answer, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      writeMembers(answer, json);
      json.writeEndObject();
    }
  }

  /** Writes an answer as members of an object. */
  public static void writeMembers(PredictResponse answer, JsonGenerator json) throws IOException {
    json.writeStringField("id", answer.id());
    json.writeStringField("model", answer.model());
    json.writeStringField("version", answer.version());
    json.writeArrayFieldStart("predictions");
    for (Prediction prediction : answer.predictions()) {
      write(prediction, json);
    }
    json.writeEndArray();
    if (answer.uncertainReason() != null) {
      json.writeBooleanField("uncertain", true);
      json.writeStringField("uncertain_reason", answer.uncertainReason());
    }
    writeGroups(answer.groups(), json);
    if (answer.cached()) {
      json.writeBooleanField("cached", true);
    }
    write(answer.timing(), json);
  }

  /** Writes a class as an object. */
  public static void write(Prediction prediction, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("label", prediction.label());
    if (prediction.name() != null) {
      json.writeStringField("name", prediction.name());
    }
    json.writeNumberField("score", prediction.score());
    json.writeNumberField("index", prediction.index());
    json.writeEndObject();
  }

  private static void writeGroups(List<Group> groups, JsonGenerator json) throws IOException {
    if (groups.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("groups");
    for (Group group : groups) {
      json.writeStartObject();
      json.writeStringField("label", group.label());
      json.writeNumberField("score", group.score());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes the member {@code timing}. */
  public static void write(Timing timing, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("timing");
    json.writeNumberField("queue_ms", timing.queueMs());
    json.writeNumberField("decode_ms", timing.decodeMs());
    json.writeNumberField("preprocess_ms", timing.preprocessMs());
    json.writeNumberField("inference_ms", timing.inferenceMs());
    json.writeNumberField("total_ms", timing.totalMs());
    json.writeEndObject();
  }
}
