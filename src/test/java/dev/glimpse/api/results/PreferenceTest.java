package dev.glimpse.api.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferenceTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "respond-async",
        "Respond-Async",
        "respond-async, wait=10",
        "handling=lenient ,respond-async;foo=bar",
        " respond-async "
      })
  void respondAsync(String header) {
    assertThat(Preference.isRespondAsync(List.of(header))).isTrue();
    assertThat(Preference.isRespondAsync(List.of("wait=1", header))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "wait=10", "respond-asynchronously", "x=respond-async"})
  void others(String header) {
    assertThat(Preference.isRespondAsync(List.of(header))).isFalse();
  }

  @Test
  void noHeader() {
    assertThat(Preference.isRespondAsync(List.of())).isFalse();
  }
}
