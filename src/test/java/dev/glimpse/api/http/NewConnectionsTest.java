package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports that take no more connections, of a kernel that has filters. */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class NewConnectionsTest {

  /** Shorter than the second after which a client's kernel asks again. */
  private static final int SOON_MILLIS = 300;

  private static final int LATER_MILLIS = 10_000;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::"})
  void connectionsThatHaveBeenMadeAreServedAndNoMoreAreMade(String address) throws Exception {
    try (ServerSocket port = new ServerSocket(0, 50, InetAddress.getByName(address));
        Socket early = connect(port, SOON_MILLIS)) {

      assertThat(NewConnections.turnAway(port.getLocalPort())).isTrue();

      assertThatThrownBy(() -> connect(port, SOON_MILLIS))
          .isInstanceOf(SocketTimeoutException.class);
      early.getOutputStream().write("question".getBytes(StandardCharsets.US_ASCII));
      early.shutdownOutput();
      try (Socket accepted = port.accept()) {
        assertThat(accepted.getInputStream().readAllBytes()).asString().isEqualTo("question");
        accepted.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(early.getInputStream().readAllBytes()).asString().isEqualTo("answer");
    }
  }

  @Test
  void clientThatWasTurnedAwayFindsThePortClosed() throws Exception {
    try (ServerSocket port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assertThat(NewConnections.turnAway(port.getLocalPort())).isTrue();
      assertThatThrownBy(() -> connect(port, SOON_MILLIS))
          .isInstanceOf(SocketTimeoutException.class);

      Thread closing = new Thread(() -> closeAfter(SOON_MILLIS, port));
      closing.start();
      assertThatThrownBy(() -> connect(port, LATER_MILLIS)).isInstanceOf(ConnectException.class);
      closing.join();
    }
  }

  @Test
  void otherPortsGoOn() throws Exception {
    try (ServerSocket closing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assertThat(NewConnections.turnAway(closing.getLocalPort())).isTrue();

      connect(other, LATER_MILLIS).close();
    }
  }

  @Test
  void portOfAnotherProcessIsLeftAlone() throws Exception {
    int free;
    try (ServerSocket port = new ServerSocket(0)) {
      free = port.getLocalPort();
    }
    assertThat(NewConnections.turnAway(free)).isFalse();
  }

  private static Socket connect(ServerSocket port, int millis) throws IOException {
    Socket client = new Socket();
    try {
      client.connect(new InetSocketAddress("127.0.0.1", port.getLocalPort()), millis);
      return client;
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  private static void closeAfter(int millis, ServerSocket port) {
    try {
      Thread.sleep(millis);
      port.close();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
