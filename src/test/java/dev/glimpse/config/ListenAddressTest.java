package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {

  @ParameterizedTest
  @CsvSource({
    "9000, 0.0.0.0, 9000, 0.0.0.0:9000",
    "127.0.0.1:0, 127.0.0.1, 0, 127.0.0.1:0",
    "[::1]:65535, ::1, 65535, [::1]:65535",
    "admin.internal:80, admin.internal, 80, admin.internal:80",
  })
  void readsAddressAndPort(String text, String host, int port, String written) {
    ListenAddress address = ListenAddress.parse(text, "0.0.0.0");
    assertThat(address).isEqualTo(new ListenAddress(host, port)).hasToString(written);
  }
}
