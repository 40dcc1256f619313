package dev.glimpse.api.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveOriginTest {

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080, localhost:8080",
    "https://example.org, example.org",
    "https://Example.ORG, example.org",
    "http://[::1]:8080, [::1]:8080"
  })
  void pagesOfTheServiceMayConnect(String origin, String host) {
    assertThat(LiveOrigin.isSame(origin, host)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8081, localhost:8080",
    "https://evil.test, example.org",
    "https://example.org.evil.test, example.org",
    "https://evil.test/example.org, example.org",
    "example.org, example.org",
    "null, localhost:8080",
    "'', ''",
    "://, ''"
  })
  void othersMayNot(String origin, String host) {
    assertThat(LiveOrigin.isSame(origin, host)).isFalse();
  }

  @Test
  void clientsThatAreNoBrowsersSendNoOrigin() {
    assertThat(LiveOrigin.isSame(null, "example.org")).isTrue();
    assertThat(LiveOrigin.isSame("https://example.org", null)).isFalse();
  }
}
