package dev.glimpse.api.problem;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.glimpse.api.problem.Problem.Violation;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * Writes problems as JSON without reflection: Quarkus generates no serializer for types that only
 * exception mappers return.
 */
@Singleton
public class ProblemJson implements ObjectMapperCustomizer {

  @Override
  public void customize(ObjectMapper mapper) {
    mapper.registerModule(
        new SimpleModule("problem").addSerializer(new Writer()).addSerializer(new ErrorWriter()));
  }

  private static final class Writer extends StdSerializer<Problem> {

    private static final long serialVersionUID = 1L;

    Writer() {
      super(Problem.class);
    }

    @Override
    public void serialize(Problem problem, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      json.writeStringField("type", problem.type());
      json.writeStringField("title", problem.title());
      json.writeNumberField("status", problem.status());
      json.writeStringField("detail", problem.detail());
      json.writeStringField("id", problem.id());
      if (!problem.violations().isEmpty()) {
        json.writeArrayFieldStart("violations");
        for (Violation violation : problem.violations()) {
          json.writeStartObject();
          json.writeStringField("field", violation.field());
          json.writeStringField("message", violation.message());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
  }

  private static final class ErrorWriter extends StdSerializer<ProtocolError> {

    private static final long serialVersionUID = 1L;

    ErrorWriter() {
      super(ProtocolError.class);
    }

    @Override
    public void serialize(ProtocolError error, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      json.writeStringField("error", error.error());
      json.writeEndObject();
    }
  }
}
