package dev.glimpse.api.predict;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Writes the results of several images, each as if it were alone; see {@link PredictJson}. */
@Singleton
public class BatchJson implements ObjectMapperCustomizer {

  @Override
  public void customize(ObjectMapper mapper) {
    mapper.registerModule(new SimpleModule("batch").addSerializer(new Writer()));
  }

  /** After what Quarkus generates: the module that comes last is asked first. */
  @Override
  public int priority() {
    return MINIMUM_PRIORITY;
  }

  private static final class Writer extends StdSerializer<BatchResponse> {

    private static final long serialVersionUID = 1L;

    Writer() {
      super(BatchResponse.class);
    }

    @Override
    public void serialize(BatchResponse answer, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      json.writeStringField("id", answer.id());
      json.writeArrayFieldStart("results");
      for (BatchResponse.Result result : answer.results()) {
        provider.defaultSerializeValue(
            result instanceof BatchResponse.Answered answered
                ? answered.answer()
                : ((BatchResponse.Refused) result).problem(),
            json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }
}
