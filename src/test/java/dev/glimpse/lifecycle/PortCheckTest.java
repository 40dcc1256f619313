package dev.glimpse.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortCheckTest {

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
  void portInUseIsReported(String host) throws IOException {
    int port;
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      port = other.getLocalPort();
      assertThat(PortCheck.problem(host, port).orElseThrow())
          .startsWith("Port " + port + " is in use by another program.")
          .contains("--port", "PORT");
    }
    assertThat(PortCheck.problem(host, port)).isEmpty();
  }

  @Test
  void foreignAddressIsReported() {
    assertThat(PortCheck.problem("192.0.2.1", 8080).orElseThrow())
        .startsWith("Port 8080 cannot be opened at the address 192.0.2.1 (quarkus.http.host): ");
  }

  @Test
  void anyPortIsLeftToTheServer() {
    assertThat(PortCheck.problem("0.0.0.0", 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8080})
  void unknownHostIsReported(int port) {
    assertThat(PortCheck.problem("host.invalid", port).orElseThrow())
        .isEqualTo(
            "There is no host \"host.invalid\" (quarkus.http.host). Set an address of this machine,"
                + " or 0.0.0.0 for all of them.");
  }
}
