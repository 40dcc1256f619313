package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {

  private final AtomicLong clock = new AtomicLong();
  private final OpenConnections connections =
      new OpenConnections(
          ConnectionLimits.of(
              Configs.of(
                  Map.of(
                      "glimpse.http.max-connections", "4",
                      "glimpse.http.max-connections-per-address", "2")),
              100),
          new ClosedConnectionsLog(clock::get),
          refused -> {});

  @Test
  void oneAddressHasAFewConnections() {
    EmbeddedChannel first = admitted("10.0.0.1");
    assertThat(admitted("10.0.0.1")).isNotNull();
    assertThat(admitted("10.0.0.1")).isNull();
    assertThat(admitted("10.0.0.2")).isNotNull();

    first.close();

    assertThat(admitted("10.0.0.1")).isNotNull();
  }

  @Test
  void oneNetworkOfIpv6CountsAsOneAddress() {
    assertThat(admitted("2001:db8::1")).isNotNull();
    assertThat(admitted("2001:db8::2")).isNotNull();
    assertThat(admitted("2001:db8::3")).isNull();
    assertThat(admitted("2001:db8:0:1::3")).isNotNull();
  }

  @Test
  void idleConnectionThatIsOldestMakesRoom() {
    EmbeddedChannel busy = admitted("10.0.0.1");
    ConnectionGuard guard = busy.pipeline().get(ConnectionGuard.class);
    guard.busy();
    EmbeddedChannel oldest = admitted("10.0.0.2");
    EmbeddedChannel other = admitted("10.0.0.3");
    admitted("10.0.0.4");

    assertThat(admitted("10.0.0.5")).isNotNull();

    oldest.runPendingTasks();
    assertThat(oldest.isOpen()).isFalse();
    assertThat(busy.isOpen()).isTrue();
    assertThat(other.isOpen()).isTrue();
  }

  @Test
  void newConnectionIsClosedIfAllOthersHaveRequests() {
    for (int i = 0; i < 4; i++) {
      admitted("10.0.0." + i).pipeline().get(ConnectionGuard.class).busy();
    }
    assertThat(admitted("10.0.0.5")).isNull();
  }

  @Test
  void limitDependsOnTheFilesThatMayBeOpened() {
    assertThat(ConnectionLimits.of(Configs.defaults(), 100).connections()).isEqualTo(100);
    assertThat(ConnectionLimits.of(Configs.defaults(), 1 << 20).connections()).isEqualTo(2048);
    assertThat(OpenFiles.limit("Limit  Soft  Hard\nMax open files            256         512 "))
        .hasValue(256);
    assertThat(OpenFiles.limit("Max open files            unlimited   unlimited ")).isEmpty();
    assertThat(OpenFiles.spare()).isPositive();
  }

  /** Opens a connection; returns null if it is not admitted. */
  private EmbeddedChannel admitted(String address) {
    EmbeddedChannel channel = new EmbeddedChannel();
    ConnectionGuard guard = new ConnectionGuard(channel, connections);
    if (!connections.admit(guard, new InetSocketAddress(address, 1))) {
      return null;
    }
    channel.pipeline().addLast(guard);
    channel.pipeline().fireChannelActive();
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    return channel;
  }
}
