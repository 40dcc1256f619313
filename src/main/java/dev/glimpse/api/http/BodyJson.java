package dev.glimpse.api.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.All;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * How JSON from clients is read, by whatever parser. Names of fields are not interned, as Jackson
 * would: a native executable never frees what is, so that clients could fill it with names. A name
 * is short, as Jackson keeps some thousands of them; a string may be as long as the body that it is
 * in, which is bounded already.
 */
@Singleton
public class BodyJson {

  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder()
          .maxNameLength(1024)
          .maxStringLength(Integer.MAX_VALUE)
          .build();

  /** For a parser of such JSON. */
  public static JsonFactoryBuilder factory() {
    return new JsonFactoryBuilder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .streamReadConstraints(CONSTRAINTS);
  }

  /**
   * In place of Quarkus's own, which is the same but for the factory; switching interning off later
   * would leave it on for UTF-16.
   */
  @Produces
  @Singleton
  ObjectMapper mapper(@All List<ObjectMapperCustomizer> customizers) {
    ObjectMapper mapper = new ObjectMapper(factory().build());
    customizers.stream().sorted().forEach(customizer -> customizer.customize(mapper));
    return mapper;
  }
}
