package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Http2Connection;
import dev.glimpse.support.Http2Connection.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service has reset the streams that end with 5, and knows those that have begun. */
class ArrivingFramesTest {

  private static final int END_HEADERS = 4;

  /** Notes what it is told, and how much had been decoded then. */
  private final class Events implements ArrivingFrames.Listener {

    private final List<String> all = new ArrayList<>();
    private int ignored;
    private boolean waits;

    @Override
    public void settingsDecoded() {
      all.add("settings at " + decoded.size());
    }

    @Override
    public void frameWaits() {
      assertThat(waits).isFalse();
      waits = true;
    }

    @Override
    public void frameArrived() {
      assertThat(waits).isTrue();
      waits = false;
    }

    @Override
    public ArrivingFrames.Use use(int stream) {
      if (stream % 10 == 5) {
        return ArrivingFrames.Use.IGNORE;
      }
      asked.add(stream + " at " + decoded.size());
      return decoded.size() > 1000 ? ArrivingFrames.Use.DECODE : ArrivingFrames.Use.UNKNOWN;
    }

    @Override
    public void ignored(int bytes) {
      ignored += bytes;
    }
  }

  private final ByteArrayOutputStream decoded = new ByteArrayOutputStream();
  private final List<String> asked = new ArrayList<>();
  private final Events events = new Events();
  private final EmbeddedChannel channel = channel();

  private EmbeddedChannel channel() {
    EmbeddedChannel opened = new EmbeddedChannel();
    opened
        .pipeline()
        .addLast(
            "decoder",
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                decoded.writeBytes(bytes(bytes));
                bytes.release();
              }
            });
    ArrivingFrames.addBefore(opened.pipeline().context("decoder"), events);
    return opened;
  }

  private static byte[] bytes(ByteBuf from) {
    byte[] bytes = new byte[from.readableBytes()];
    from.readBytes(bytes);
    return bytes;
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void read(byte... bytes) {
    ByteBuf read = Unpooled.copiedBuffer(bytes);
    channel.writeInbound(read);
    assertThat(read.refCnt()).isZero();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] frame(Kind kind, int flags, int stream, int bytes) {
    return Http2Connection.frame(kind, flags, stream, new byte[bytes]);
  }

  private static byte[] settings() {
    return frame(Kind.SETTINGS, 0, 0, 6);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dataOfResetStreamsIsLeftOutHoweverItIsRead(boolean preface) {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      decoded.reset();
      channel.pipeline().removeFirst();
      ArrivingFrames.addBefore(channel.pipeline().context("decoder"), events);
      byte[] begin = preface ? bytes(Http2CodecUtil.connectionPrefaceBuf()) : new byte[0];
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      sent.writeBytes(join(begin, settings()));
      expected.writeBytes(join(begin, settings()));
      int ignored = events.ignored;
      for (int i = 0; i < 40; i++) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        int stream = random.nextInt(100);
        int length = random.nextBoolean() ? random.nextInt(20) : random.nextInt(2000);
        byte[] frame = frame(kind, END_HEADERS, stream, length);
        sent.writeBytes(frame);
        if (kind == Kind.DATA && stream % 10 == 5) {
          ignored += length;
        } else {
          expected.writeBytes(frame);
        }
      }
      byte[] all = sent.toByteArray();
      int most = 1 + random.nextInt(500);
      for (int at = 0; at < all.length; ) {
        int next = Math.min(all.length, at + 1 + random.nextInt(most));
        read(Arrays.copyOfRange(all, at, next));
        at = next;
      }
      assertThat(decoded.toByteArray()).isEqualTo(expected.toByteArray());
      assertThat(events.ignored).isEqualTo(ignored);
      assertThat(events.waits).isFalse();
    }
  }

  @Test
  void settingsAreDecodedBeforeWhatFollows() {
    read(join(settings(), frame(Kind.HEADERS, END_HEADERS, 1, 10)));
    assertThat(events.all).containsExactly("settings at 15");
  }

  /** The stream's head may have come with the data. */
  @Test
  void whatComesBeforeIsDecodedBeforeAStreamIsUnknown() {
    byte[] first = join(settings(), frame(Kind.HEADERS, END_HEADERS, 1, 1000));
    read(join(first, frame(Kind.DATA, 0, 1, 3)));
    assertThat(asked).containsExactly("1 at 15", "1 at " + first.length);
    assertThat(decoded.size()).isEqualTo(first.length + 12);
  }

  @Test
  void framesInPartWaitUnlessTheyAreData() {
    read(settings());
    byte[] head = frame(Kind.HEADERS, 0, 1, 10);
    read(Arrays.copyOf(head, 12));
    assertThat(events.waits).isTrue();
    read(Arrays.copyOfRange(head, 12, head.length));
    assertThat(events.waits).as("until the fields end").isTrue();
    read(frame(Kind.CONTINUATION, 0, 1, 10));
    assertThat(events.waits).isTrue();
    read(frame(Kind.CONTINUATION, END_HEADERS, 1, 0));
    assertThat(events.waits).isFalse();

    byte[] data = frame(Kind.DATA, 0, 1, 100);
    read(Arrays.copyOf(data, 3));
    assertThat(events.waits).as("not yet known to be data").isTrue();
    read(Arrays.copyOfRange(data, 3, 20));
    assertThat(events.waits).isFalse();
    read(Arrays.copyOfRange(data, 20, data.length));
    assertThat(events.waits).isFalse();
  }
}
