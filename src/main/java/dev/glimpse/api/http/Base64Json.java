package dev.glimpse.api.http;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * Reads base64 in JSON into bytes. The parser decodes plain base64 without holding its text; other
 * spellings, which are rarer, are read again {@linkplain #AS_TEXT as text}.
 */
@Singleton
public class Base64Json implements ObjectMapperCustomizer {

  /** What Jackson decodes itself: the standard alphabet, padded or not. */
  public static final Base64Variant PLAIN = Base64Variants.MIME_NO_LINEFEEDS.withPaddingAllowed();

  /** The attribute of a reader that takes every spelling that {@link Base64Text} takes. */
  public static final String AS_TEXT = Base64Json.class.getName();

  @Override
  public void customize(ObjectMapper mapper) {
    mapper.registerModule(new SimpleModule("base64").addDeserializer(byte[].class, new Reader()));
  }

  /** Says that a string is not {@link #PLAIN}, and is to be read as text. */
  public static final class NotPlainException extends JsonMappingException {

    private static final long serialVersionUID = 1L;

    public NotPlainException(JsonParser json, Throwable cause) {
      super(json, "not plain base64", cause);
    }
  }

  private static final class Reader extends StdScalarDeserializer<byte[]> {

    private static final long serialVersionUID = 1L;

    Reader() {
      super(byte[].class);
    }

    @Override
    public byte[] deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.hasToken(JsonToken.VALUE_STRING)) {
        return (byte[]) context.handleUnexpectedToken(byte[].class, json);
      }
      if (context.getAttribute(AS_TEXT) != null) {
        return Base64Text.decode(json.getText())
            .orElseThrow(() -> new NotPlainException(json, new IllegalArgumentException()));
      }
      try {
        return json.getBinaryValue(PLAIN);
      } catch (JsonProcessingException e) {
        throw new NotPlainException(json, e);
      }
    }
  }
}
