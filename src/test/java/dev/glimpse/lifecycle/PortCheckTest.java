package dev.glimpse.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.config.ListenAddress;
import dev.glimpse.lifecycle.PortCheck.Port;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortCheckTest {

  private static Optional<String> problem(String host, int port) {
    return PortCheck.problem(Port.ofService(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
  void portInUseIsReported(String host) throws IOException {
    int port;
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      port = other.getLocalPort();
      assertThat(problem(host, port).orElseThrow())
          .startsWith("Port " + port + " is in use by another program.")
          .contains("--port", "PORT");
    }
    assertThat(problem(host, port)).isEmpty();
  }

  @Test
  void foreignAddressIsReported() {
    assertThat(problem("192.0.2.1", 8080).orElseThrow())
        .startsWith("Port 8080 cannot be opened at the address 192.0.2.1 (quarkus.http.host): ");
  }

  @Test
  void anyPortIsLeftToTheServer() {
    assertThat(problem("0.0.0.0", 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8080})
  void unknownHostIsReported(int port) {
    assertThat(problem("host.invalid", port).orElseThrow())
        .isEqualTo(
            "There is no host \"host.invalid\" (quarkus.http.host). Set an address of this machine,"
                + " or 0.0.0.0 for all of them.");
  }

  @Test
  void portOfTheServiceIsNoManagementPort() {
    assertThat(PortCheck.problem(management(8080), Port.ofService("0.0.0.0", 8080)).orElseThrow())
        .isEqualTo(
            "glimpse.management.listen is 8080, the port of the service. Set another, or leave it"
                + " out to serve all on one port.");
    assertThat(PortCheck.problem(management(0), Port.ofService("0.0.0.0", 0))).isEmpty();
  }

  @Test
  void managementPortInUseIsReportedByItsOwnSetting() throws IOException {
    try (ServerSocket other = new ServerSocket(0)) {
      assertThat(
              PortCheck.problem(management(other.getLocalPort()), Port.ofService("0.0.0.0", 0))
                  .orElseThrow())
          .endsWith("set another port: glimpse.management.listen.");
    }
  }

  private static Port management(int port) {
    return Port.ofManagement(new ListenAddress("0.0.0.0", port));
  }
}
