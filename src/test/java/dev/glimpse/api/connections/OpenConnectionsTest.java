package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.connections.WaitingConnections.Reason;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.support.Configs;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
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
              "glimpse.http.max-connections-per-address", "3",
              "glimpse.http.max-unread", "10K",
              "glimpse.http.idle-timeout", "20ms"));

  private final AtomicLong clock = new AtomicLong();
  private final OpenConnections connections =
      new OpenConnections(
          ConnectionLimits.of(CONFIG, 100, 1L << 30),
          new ClosedConnectionsLog(clock::get),
          refused -> {},
          clock::get);

  @Test
  void oneAddressHasAFewConnections() {
    EmbeddedChannel first = admitted("10.0.0.1");
    assertThat(admitted("10.0.0.1")).isNotNull();
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
    assertThat(admitted("2001:db8::3")).isNotNull();
    assertThat(admitted("2001:db8::4")).isNull();
    assertThat(admitted("2001:db8:0:1::3")).isNotNull();
  }

  @Test
  void idleConnectionThatIsOldestMakesRoom() {
    EmbeddedChannel busy = admitted("10.0.0.1");
    connections.waits(guard(busy), null);
    EmbeddedChannel oldest = admitted("10.0.0.2");
    EmbeddedChannel other = admitted("10.0.0.3");
    admitted("10.0.0.4");
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));

    assertThat(admitted("10.0.0.5")).isNotNull();

    oldest.runPendingTasks();
    assertThat(oldest.isOpen()).isFalse();
    assertThat(busy.isOpen()).isTrue();
    assertThat(other.isOpen()).isTrue();
  }

  @Test
  void thereIsNoRoomWhileAllOthersAreWorkedFor() {
    for (int i = 0; i < 4; i++) {
      connections.waits(guard(admitted("10.0.0." + i)), null);
    }
    assertThat(admitted("10.0.0.5")).isNull();
  }

  @Test
  void requestThatStoppedArrivingMakesRoomBeforeAConnectionThatHasJustBeenOpened() {
    EmbeddedChannel reads = admitted("10.0.0.1");
    connections.waits(guard(reads), Reason.READ_RESPONSE);
    EmbeddedChannel sends = admitted("10.0.0.2");
    connections.waits(guard(sends), Reason.REST_OF_REQUEST);
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(250));
    connections.waits(guard(reads), Reason.READ_RESPONSE);
    EmbeddedChannel new1 = admitted("10.0.0.3");
    EmbeddedChannel new2 = admitted("10.0.0.4");

    assertThat(admitted("10.0.0.5")).isNotNull();

    assertThat(isClosed(sends)).isTrue();
    for (EmbeddedChannel other : List.of(reads, new1, new2)) {
      assertThat(isClosed(other)).isFalse();
    }
  }

  @Test
  void clientsWithAsManyConnectionsHaveAMomentToGoOn() {
    List<EmbeddedChannel> all = new ArrayList<>();
    for (int i = 1; i < 5; i++) {
      all.add(admitted("10.0.0." + i));
    }
    for (Reason reason : List.of(Reason.REST_OF_REQUEST, Reason.READ_RESPONSE)) {
      all.forEach(channel -> connections.waits(guard(channel), reason));
      clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(249));
      assertThat(admitted("10.0.0.5")).as("%s", reason).isNull();
    }
  }

  @Test
  void clientWithManyConnectionsMakesRoomAtOnceForOneWithFew() {
    EmbeddedChannel oldest = admitted("10.0.0.2");
    EmbeddedChannel first = admitted("10.0.0.1");
    EmbeddedChannel second = admitted("10.0.0.1");
    EmbeddedChannel third = admitted("10.0.0.1");
    for (EmbeddedChannel channel : List.of(oldest, first, second, third)) {
      connections.waits(guard(channel), Reason.REST_OF_REQUEST);
    }
    connections.waits(guard(first), null);

    assertThat(admitted("10.0.0.1")).isNull();
    assertThat(admitted("10.0.0.3")).isNotNull();

    assertThat(isClosed(second)).isTrue();
    for (EmbeddedChannel other : List.of(oldest, first, third)) {
      assertThat(isClosed(other)).isFalse();
    }
  }

  @Test
  void clientWithMoreThanItsShareMakesRoomForItself() {
    EmbeddedChannel other = admitted("10.0.0.2");
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(300));
    EmbeddedChannel first = admitted("10.0.0.1");
    EmbeddedChannel second = admitted("10.0.0.1");
    EmbeddedChannel another = admitted("10.0.0.3");
    connections.waits(guard(first), null);

    assertThat(admitted("10.0.0.1")).isNotNull();

    assertThat(isClosed(second)).isTrue();
    for (EmbeddedChannel open : List.of(other, first, another)) {
      assertThat(isClosed(open)).isFalse();
    }
  }

  /** Of requests that are begun and given up, a flood makes thousands a second. */
  @Test
  void requestsOfAClientWithMoreThanItsShareMakeRoomOneAfterAnother() {
    EmbeddedChannel first = admitted("10.0.0.1");
    EmbeddedChannel second = admitted("10.0.0.1");
    connections.waits(guard(first), Reason.REST_OF_REQUEST);
    connections.waits(guard(second), Reason.REST_OF_REQUEST);
    connections.waits(guard(admitted("10.0.0.2")), null);
    connections.waits(guard(admitted("10.0.0.3")), null);
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1100));

    EmbeddedChannel idle = admitted("10.0.0.1");
    assertThat(isClosed(first)).isTrue();
    EmbeddedChannel busy = admitted("10.0.0.1");
    assertThat(isClosed(idle)).as("without a request").isTrue();
    connections.waits(guard(busy), null);
    assertThat(admitted("10.0.0.1")).isNull();
    assertThat(isClosed(second)).isFalse();

    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(5));
    assertThat(admitted("10.0.0.1")).isNotNull();
    assertThat(isClosed(second)).isTrue();
  }

  /** As when a proxy opens many connections at once. */
  @Test
  void idleConnectionsMakeRoomForABurst() {
    List<EmbeddedChannel> idle = List.of(admitted("10.0.0.2"), admitted("10.0.0.3"));
    assertThat(admitted("10.0.0.4")).isNotNull();
    connections.waits(guard(admitted("10.0.0.1")), null);
    clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
    for (EmbeddedChannel next : idle) {
      connections.waits(guard(admitted("10.0.0.1")), null);
      assertThat(isClosed(next)).isTrue();
    }
  }

  @Test
  void whatHasLongDoneNothingMakesRoomForAClientWithMoreThanItsShare() {
    EmbeddedChannel other = admitted("10.0.0.2");
    for (int i = 0; i < 2; i++) {
      connections.waits(guard(admitted("10.0.0.1")), null);
    }
    EmbeddedChannel later = admitted("10.0.0.3");
    clock.set(TimeUnit.MILLISECONDS.toNanos(999)); // the other connection came first, at 0
    assertThat(admitted("10.0.0.1")).isNull();
    clock.set(TimeUnit.MILLISECONDS.toNanos(1000));

    assertThat(admitted("10.0.0.1")).isNotNull();

    assertThat(isClosed(other)).isTrue();
    assertThat(isClosed(later)).isFalse();
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
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));

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
  void nothingRefersToAConnectionThatIsClosed() {
    EmbeddedChannel channel = admitted("10.0.0.1");
    assertThat(channel.runScheduledPendingTasks()).isPositive();

    channel.unsafe().close(channel.voidPromise());
    channel.runPendingTasks();

    assertThat(channel.runScheduledPendingTasks())
        .as("nanoseconds to the next timer")
        .isEqualTo(-1);
  }

  @Test
  void portPausesWhereNoConnectionCanBeAccepted() {
    EmbeddedChannel idle = admitted("10.0.0.1");
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));
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
  void limitDependsOnTheFilesThatMayBeOpenedAndTheHeap() {
    ConnectionLimits few = ConnectionLimits.of(Configs.defaults(), 100, 1L << 30);
    assertThat(few.connections()).isEqualTo(87);
    assertThat(few.notStarted()).isEqualTo(13);
    assertThat(few.areFewForWantOfFiles(100)).isTrue();
    assertThat(ConnectionLimits.of(Configs.defaults(), 100, 8 << 20).areFewForWantOfFiles(100))
        .as("for want of memory")
        .isFalse();
    assertThat(ConnectionLimits.of(Configs.defaults(), 200, 1L << 30).areFewForWantOfFiles(200))
        .isFalse();
    assertThat(ConnectionLimits.of(Configs.defaults(), 1 << 20, 1L << 30).connections())
        .isEqualTo(2048);
    assertThat(ConnectionLimits.of(Configs.defaults(), 100, 256 << 20).allStreams())
        .as("files do not matter")
        .isEqualTo(1024);
    assertThat(ConnectionLimits.of(Configs.defaults(), 100, 8 << 20).allStreams())
        .as("one connection may have all of its own")
        .isEqualTo(100);
    assertThat(ConnectionLimits.of(Configs.defaults(), 1 << 20, 256 << 20).connections())
        .isEqualTo(1024);
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
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
    return channel;
  }

  private static ConnectionGuard guard(EmbeddedChannel channel) {
    return channel.pipeline().get(ConnectionGuard.class);
  }

  private static boolean isClosed(EmbeddedChannel channel) {
    channel.runPendingTasks();
    return !channel.isOpen();
  }
}
