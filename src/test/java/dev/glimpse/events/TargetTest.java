package dev.glimpse.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @ParameterizedTest
  @CsvSource({
    "http://broker-ingress.knative-eventing.svc.cluster.local/shop/default, http://broker-ingress.knative-eventing.svc.cluster.local/shop/default,",
    "https://user:p%40ss+w:d@events.test:8443/a?b=c@d, https://events.test:8443/a?b=c@d, Basic dXNlcjpwQHNzK3c6ZA==",
    "http://user@[::1]:80, http://[::1]:80, Basic dXNlcjo=",
    "https://events.test/@, https://events.test/@,",
  })
  void userAndPasswordAreTakenOutOfTheAddress(String text, String address, String authorization) {
    Target target = Target.of(text);

    assertThat(target.isFile()).isFalse();
    assertThat(target.address()).hasToString(address);
    assertThat(target.authorization().orElse(null)).isEqualTo(authorization);
  }

  @Test
  void aFileHasAPath() {
    assertThat(Target.of("file:/var/log/a%20b.jsonl").path())
        .isEqualTo(Path.of("/var/log/a b.jsonl"));
    assertThat(Target.of("file:///var/log/a.jsonl").path()).isEqualTo(Path.of("/var/log/a.jsonl"));
    assertThat(Target.of("file:/var/log/a.jsonl").isFile()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://secret:%zz@events.test",
        "http://secret@events.test:99999",
        "http://secret@events.test:0",
        "http://secret@-events-.test.-",
        "http://secret@10.0.0.999/a%",
        "file:/secret%",
      })
  void aMalformedAddressIsNotShown(String text) {
    assertThatThrownBy(() -> Target.of(text))
        .isInstanceOf(ConfigurationException.class)
        .message()
        .startsWith("glimpse.events must be an address such as ")
        .doesNotContain("secret")
        .hasLineCount(1);
  }
}
