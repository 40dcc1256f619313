package dev.glimpse.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

  private final ClientAddress addresses =
      new ClientAddress(List.of("10.0.0.0/8", "192.168.1.1", "2001:db8::/32"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.7 | 1.2.3.4 | 203.0.113.7",
        "10.1.2.3 | | 10.1.2.3",
        "10.1.2.3 | 203.0.113.7 | 203.0.113.7",
        "10.1.2.3 | 1.2.3.4, 203.0.113.7 | 203.0.113.7",
        "10.1.2.3 | 1.2.3.4, 203.0.113.7, 10.9.9.9 | 203.0.113.7",
        "10.1.2.3 | 1.2.3.4, 203.0.113.7;192.168.1.1 | 203.0.113.7",
        "192.168.1.2 | 1.2.3.4 | 192.168.1.2",
        "10.1.2.3 | 203.0.113.7:4711 | 203.0.113.7",
        "10.1.2.3 | [2001:db9::1]:4711 | 2001:db9::",
        "10.1.2.3 | unknown | 10.1.2.3",
        "10.1.2.3 | 1.2.3.4, evil.example, 10.9.9.9 | 10.9.9.9",
        "10.1.2.3 | 1.2.3.4, | 10.1.2.3",
        "10.1.2.3 | 1.2.3.4, [ | 10.1.2.3",
        "2001:db8::1 | 203.0.113.7 | 203.0.113.7",
        "2001:db9::1 | 203.0.113.7 | 2001:db9::",
        "2001:db9::ffff:1 | | 2001:db9::",
        "::ffff:10.1.2.3 | 203.0.113.7 | 203.0.113.7",
        " | 203.0.113.7 | unknown",
      })
  void theLastAddressThatIsNoProxyCounts(String peer, String forwarded, String client) {
    assertThat(addresses.of(peer, forwarded == null ? List.of() : List.of(forwarded.split(";"))))
        .isEqualTo(client);
  }

  @Test
  void aLongListIsReadFromItsEnd() {
    assertThat(addresses.of("10.0.0.1", List.of("1.2.3.4,".repeat(5000) + "203.0.113.7")))
        .isEqualTo("203.0.113.7");
  }

  @ParameterizedTest
  @CsvSource({":::", "2001:db8::g", "1::2::3"})
  void whatIsNoNetworkStopsTheStart(String text) {
    assertThatThrownBy(() -> new ClientAddress(List.of(text)))
        .hasMessageContaining("glimpse.http.trusted-proxies holds \"%s\"".formatted(text));
  }
}
