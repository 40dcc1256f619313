package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.support.Configs;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {

  private static final GlimpseConfig CONFIG =
      Configs.of(
          Map.of(
              "glimpse.http.max-connections", "4",
              "glimpse.http.max-connections-per-address", "2",
              "glimpse.http.max-unread", "10K",
              "glimpse.http.idle-timeout", "20ms"));

  private final AtomicLong clock = new AtomicLong();
  private final OpenConnections connections =
      new OpenConnections(
          ConnectionLimits.of(CONFIG, 100), new ClosedConnectionsLog(clock::get), refused -> {});

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
  void connectionThatHasNotBecomeActiveMakesRoom() {
    EmbeddedChannel first = new EmbeddedChannel();
    assertThat(connections.admit(new ConnectionGuard(first, connections), address("10.0.0.1")))
        .isTrue();
    for (int i = 2; i < 5; i++) {
      assertThat(
              connections.admit(
                  new ConnectionGuard(new EmbeddedChannel(), connections), address("10.0.0." + i)))
          .isTrue();
    }

    assertThat(admitted("10.0.0.5")).isNotNull();

    first.runPendingTasks();
    assertThat(first.isOpen()).isFalse();
  }

  @Test
  void connectionThatHasNotReadForLongestIsClosedWhereTooMuchIsUnread() {
    EmbeddedChannel stalest = admitted("10.0.0.1");
    EmbeddedChannel other = admitted("10.0.0.2");
    EmbeddedChannel reading = admitted("10.0.0.3");
    leaveUnread(stalest, 4_000);
    leaveUnread(other, 4_000);
    stalest.runPendingTasks();
    assertThat(stalest.isOpen()).isTrue();

    leaveUnread(reading, 4_000);

    stalest.runPendingTasks();
    assertThat(stalest.isOpen()).isFalse();
    assertThat(other.isOpen()).isTrue();
    leaveUnread(reading, 1_500); // what the closed connection had left does not count any more
    other.runPendingTasks();
    assertThat(other.isOpen()).isTrue();
  }

  @Test
  void connectionWithoutRequestsIsClosed() throws Exception {
    EmbeddedChannel idle = admitted("10.0.0.1");
    EmbeddedChannel busy = admitted("10.0.0.2");
    busy.pipeline().get(ConnectionGuard.class).busy();
    Thread.sleep(25);

    for (EmbeddedChannel channel : List.of(idle, busy)) {
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }

    assertThat(idle.isOpen()).isFalse();
    assertThat(busy.isOpen()).isTrue();
  }

  @Test
  void portPausesWhereNoConnectionCanBeAccepted() {
    EmbeddedChannel idle = admitted("10.0.0.1");
    EmbeddedChannel port =
        new EmbeddedChannel(new PortGuard(connections, new ClosedConnectionsLog(clock::get)));

    port.pipeline().fireExceptionCaught(new IOException("Too many open files"));

    port.checkException(); // none is passed on to Netty, which would log each with its stack
    idle.runPendingTasks();
    assertThat(idle.isOpen()).isFalse();
    assertThat(port.config().isAutoRead()).isFalse();
    port.advanceTimeBy(1, TimeUnit.SECONDS);
    port.runScheduledPendingTasks();
    assertThat(port.config().isAutoRead()).isTrue();
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

  /** Writes a response that the client does not read. */
  private static void leaveUnread(EmbeddedChannel channel, int bytes) {
    channel.write(Unpooled.wrappedBuffer(new byte[bytes]));
    channel.pipeline().get(ConnectionGuard.class).account();
  }

  private static InetSocketAddress address(String address) {
    return new InetSocketAddress(address, 1);
  }

  /** Opens a connection; returns null if it is not admitted. */
  private EmbeddedChannel admitted(String address) {
    EmbeddedChannel channel = new EmbeddedChannel();
    ConnectionGuard guard = new ConnectionGuard(channel, connections);
    if (!connections.admit(guard, address(address))) {
      return null;
    }
    channel.pipeline().addLast(guard);
    channel.pipeline().fireChannelActive();
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    return channel;
  }
}
