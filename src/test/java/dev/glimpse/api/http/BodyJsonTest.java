package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.ColorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ColorModels.class)
class BodyJsonTest {

  @Inject ObjectMapper injected;

  private List<JsonFactory> factories() {
    return List.of(BodyJson.factory().build(), injected.getFactory());
  }

  /** What is interned is the same object as an equal string's; it lives as long as the process. */
  @Test
  void namesOfFieldsAreNotInterned() throws Exception {
    for (JsonFactory factory : factories()) {
      for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16)) {
        String name = UUID.randomUUID().toString();
        byte[] body = "{\"%s\": 1}".formatted(name).getBytes(charset);
        try (JsonParser json = factory.createParser(body)) {
          json.nextToken();
          String read = json.nextFieldName();
          assertThat(read).isEqualTo(name);
          assertThat(name.intern()).as("%s", charset).isNotSameAs(read);
        }
      }
    }
  }

  @Test
  void aNameThatIsNoneIsRefused() throws Exception {
    for (JsonFactory factory : factories()) {
      byte[] body = "{\"%s\": 1}".formatted("n".repeat(2000)).getBytes(StandardCharsets.UTF_8);
      try (JsonParser json = factory.createParser(body)) {
        json.nextToken();
        assertThatExceptionOfType(StreamConstraintsException.class).isThrownBy(json::nextFieldName);
      }
    }
  }

  /** As long as glimpse.image.max-bytes lets the body be; Jackson's own limit is 20,000,000. */
  @Test
  void aPictureInBase64MayBeAsLongAsItsBody() throws Exception {
    byte[] body = "[\"%s\"]".formatted("A".repeat(20_000_004)).getBytes(StandardCharsets.UTF_8);
    for (JsonFactory factory : factories()) {
      try (JsonParser json = factory.createParser(body)) {
        json.nextToken();
        json.nextToken();
        assertThat(json.getTextLength()).isEqualTo(20_000_004);
      }
    }
  }
}
