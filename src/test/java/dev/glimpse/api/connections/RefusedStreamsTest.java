package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Http2Connection;
import dev.glimpse.support.Http2Connection.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stands between the decoder of a connection and what takes its requests. */
class RefusedStreamsTest {

  private static final byte NO_ERROR = 0;
  private static final byte REFUSED_STREAM = 7;

  /** Tells in words what a server has sent; headers are decoded in their order. */
  private final Http2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);

  private final List<Integer> taken = new ArrayList<>();
  private final List<RefusedRequest> log = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private boolean mayHaveOneMore = true;
  private boolean haveRoom;
  private int hadNoRoom;

  private final Http2ConnectionHandler handler =
      new Http2ConnectionHandlerBuilder()
          .server(true)
          .frameListener(
              new Http2EventAdapter() {
                @Override
                public void onHeadersRead(
                    ChannelHandlerContext context,
                    int stream,
                    Http2Headers fields,
                    int dependency,
                    short weight,
                    boolean exclusive,
                    int padding,
                    boolean end) {
                  taken.add(stream);
                }
              })
          .build();

  private final class Room implements RefusedStreams.Streams {

    @Override
    public boolean mayHaveOneMore() {
      return mayHaveOneMore;
    }

    @Override
    public boolean haveRoom() {
      return haveRoom;
    }

    @Override
    public void hadNoRoom() {
      hadNoRoom++;
    }
  }

  RefusedStreamsTest() {
    handler
        .decoder()
        .frameListener(
            new RefusedStreams(
                handler.decoder().frameListener(), handler.encoder(), new Room(), log::add));
    channel.pipeline().addLast(handler);
    channel.writeInbound(Http2CodecUtil.connectionPrefaceBuf());
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  /** Opens the connection, with a window for each stream. */
  private void open(int window) throws Http2Exception {
    byte[] settings = ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array();
    send(Http2Connection.frame(Kind.SETTINGS, 0, 0, settings));
    receive();
  }

  private void send(byte[] frames) {
    channel.writeInbound(Unpooled.wrappedBuffer(frames));
  }

  private record Sent(int type, int flags, int stream, byte[] payload, Http2Headers headers) {

    boolean ends() {
      return (flags & 1) != 0;
    }

    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  private List<Sent> receive() throws Http2Exception {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    List<Sent> frames = new ArrayList<>();
    while (all.isReadable()) {
      byte[] payload = new byte[all.readUnsignedMedium()];
      int type = all.readByte();
      int flags = all.readByte();
      int stream = all.readInt();
      all.readBytes(payload);
      Http2Headers fields =
          type == Http2Connection.HEADERS
              ? headers.decodeHeaders(stream, Unpooled.wrappedBuffer(payload))
              : null;
      frames.add(new Sent(type, flags, stream, payload, fields));
    }
    return frames;
  }

  private int open() {
    return handler.connection().numActiveStreams();
  }

  @Test
  void aRequestWithoutRoomGetsAProblem() throws Exception {
    open(65_535);
    send(Http2Connection.get(1, "/predict?a=b"));
    List<Sent> sent = receive();
    assertThat(sent).hasSize(2);
    assertThat(sent.get(0).headers.status()).hasToString("503");
    assertThat(sent.get(0).headers.get("retry-after")).hasToString("1");
    assertThat(sent.get(0).headers.get("content-type")).hasToString("application/problem+json");
    assertThat(sent.get(0).headers.getInt("content-length")).isEqualTo(sent.get(1).payload.length);
    assertThat(sent.get(1).ends()).isTrue();
    assertThat(sent.get(1).text())
        .contains("urn:glimpse:problem:overloaded", sent.get(0).headers.get("x-request-id"));
    assertThat(log).singleElement().matches(request -> request.path().equals("/predict"));
    assertThat(hadNoRoom).isOne();
    assertThat(open()).isZero();
    assertThat(taken).isEmpty();
  }

  @Test
  void aBodyIsNotWaitedFor() throws Exception {
    open(65_535);
    send(Http2Connection.beginPost(1, "/predict", "image/jpeg"));
    List<Sent> sent = receive();
    assertThat(sent).extracting(Sent::type).containsExactly(1, 0, Http2Connection.RESET);
    assertThat(sent.get(2).payload[3]).isEqualTo(NO_ERROR);
    assertThat(open()).isZero();
  }

  /** What could not be sent at once would keep the stream. */
  @Test
  void aClosedWindowGetsTheHeadOnly() throws Exception {
    open(0);
    send(Http2Connection.get(1, "/predict"));
    List<Sent> sent = receive();
    assertThat(sent).singleElement().matches(Sent::ends);
    assertThat(sent.get(0).headers.status()).hasToString("503");
    assertThat(sent.get(0).headers.getInt("content-length")).isZero();
    assertThat(open()).isZero();
  }

  @Test
  void aCallGetsAStatusOfGrpc() throws Exception {
    open(65_535);
    send(
        Http2Connection.beginPost(
            1, "/inference.GRPCInferenceService/ModelInfer", "application/grpc+proto", Map.of()));
    List<Sent> sent = receive();
    assertThat(sent).extracting(Sent::type).containsExactly(1, Http2Connection.RESET);
    assertThat(sent.get(0).headers.status()).hasToString("200");
    assertThat(sent.get(0).headers.get("grpc-status")).hasToString("14");
    assertThat(sent.get(0).ends()).isTrue();
    assertThat(open()).isZero();
  }

  /** The last of them is one too many, and breaks the connection. */
  @Test
  void streamsThatTheirConnectionMayNotHaveAreResetAndNeverOpen() throws Exception {
    open(65_535);
    mayHaveOneMore = false;
    haveRoom = true;
    int[] openThen = new int[1];
    channel.closeFuture().addListener(closed -> openThen[0] = open());
    for (int stream = 1; stream < 2 * 300 && channel.isOpen(); stream += 2) {
      send(Http2Connection.beginPost(stream, "/predict", "image/jpeg"));
      assertThat(open()).isZero();
      List<Sent> sent = receive();
      assertThat(sent.get(0).type).isEqualTo(Http2Connection.RESET);
      assertThat(sent.get(0).stream).isEqualTo(stream);
      assertThat(sent.get(0).payload[3]).isEqualTo(REFUSED_STREAM);
    }
    assertThat(channel.isOpen()).isFalse();
    assertThat(openThen[0]).isZero();
    assertThat(log).isEmpty();
  }

  @Test
  void othersAreTaken() throws Exception {
    open(65_535);
    haveRoom = true;
    send(Http2Connection.get(1, "/predict"));
    send(Http2Connection.beginPost(3, "/predict", "image/jpeg"));
    haveRoom = false;
    send(Http2Connection.frame(Kind.HEADERS, 5, 3, new byte[0])); // trailers
    send(Http2Connection.get(5, "/predict"));
    assertThat(taken).containsExactly(1, 3, 3);
    assertThat(open()).isEqualTo(2);
    assertThat(receive()).allMatch(frame -> frame.stream == 5);
  }

  /** Otherwise Netty would refuse the streams that follow. */
  @Test
  void theBoundOfNettyIsLiftedWhenItHasBeenAcknowledged() throws Exception {
    open(65_535);
    handler.connection().remote().maxActiveStreams(0);
    send(Http2Connection.frame(Kind.SETTINGS, 1, 0, new byte[0]));
    haveRoom = true;
    send(Http2Connection.get(1, "/predict"));
    assertThat(taken).containsExactly(1);
  }
}
