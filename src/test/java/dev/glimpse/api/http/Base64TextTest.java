package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64TextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/+8/Pz8=",
        "_-8_Pz8=",
        "/+8/Pz8",
        "_-8_Pz8",
        "/+8/\r\nPz8=\r\n",
        " /+8/ Pz8= ",
        "data:image/png;base64,/+8/Pz8=",
        "DATA:;BASE64,_-8_Pz8",
        "data:image/svg+xml;charset=utf-8;base64,/+8/Pz8=",
      })
  void everySpellingIsDecoded(String text) {
    assertThat(Base64Text.decode(text))
        .hasValue("\u00ff\u00ef???".getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "AAAAA",
        "AA=",
        "AAA==",
        "AAAA=",
        "====",
        "A=AA",
        "AA==AA",
        "AA§A",
        "AA\u0000A",
        "%2B8=",
        "data:image/png,AAAA",
        "data:AAAA",
        "data:,AAAA",
        "https://example.com/daisy.jpg",
      })
  void otherTextIsRefused(String text) {
    assertThat(Base64Text.decode(text)).isEmpty();
  }

  @Test
  void nothingIsNoBytes() {
    assertThat(Base64Text.decode("")).hasValue(new byte[0]);
    assertThat(Base64Text.decode("data:image/png;base64,")).hasValue(new byte[0]);
  }

  @Test
  void decodesWhatTheJdkEncodes() {
    SplittableRandom random = new SplittableRandom(7);
    for (int length = 0; length < 200; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      for (Base64.Encoder encoder :
          new Base64.Encoder[] {
            Base64.getEncoder(), Base64.getMimeEncoder(), Base64.getUrlEncoder().withoutPadding()
          }) {
        assertThat(Base64Text.decode(encoder.encodeToString(bytes))).hasValue(bytes);
      }
    }
  }
}
