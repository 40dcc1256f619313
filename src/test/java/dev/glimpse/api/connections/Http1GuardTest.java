package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http1GuardTest {

  private final List<RefusedRequest> refused = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel(false, false);
  private final Service service = new Service();

  /** Stands in for Vert.x: notes what arrives, and answers when it is told to. */
  private static final class Service extends ChannelInboundHandlerAdapter {

    private final StringBuilder arrived = new StringBuilder();

    /** Vert.x writes to the socket only then. */
    private boolean readComplete = true;

    private boolean ended;

    /** The bytes of the largest part of a body. */
    private int largest;

    private @Nullable String connection;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      readComplete = false;
      if (message instanceof HttpRequest request) {
        arrived.append(request.uri()).append(' ');
        connection = request.headers().get(HttpHeaderNames.CONNECTION);
      }
      if (message instanceof HttpContent content) {
        largest = Math.max(largest, content.content().readableBytes());
        arrived.append(content.content().toString(StandardCharsets.US_ASCII));
        arrived.append(content instanceof LastHttpContent ? ". " : "");
      }
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      readComplete = true;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ended = true;
    }
  }

  Http1GuardTest() throws Exception {
    ConnectionLimits limits = ConnectionLimits.of(Configs.of(Map.of()), 100, 1L << 30);
    ClosedConnectionsLog log = new ClosedConnectionsLog(System::nanoTime);
    OpenConnections connections = new OpenConnections(limits, log, refused::add, System::nanoTime);
    channel
        .pipeline()
        .addLast(new ConnectionGuard(channel, connections))
        .addLast("httpDecoder", new HttpRequestDecoder())
        .addLast("httpEncoder", new HttpResponseEncoder())
        .addLast("handler", service);
    channel.register();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void requestsArriveOneByOne() {
    send(get("/1") + get("/2") + get("/3") + get("/4"));
    assertThat(arrived()).isEqualTo("/1 . ");
    answer();
    assertThat(arrived()).isEqualTo("/1 . /2 . ");
    answer();
    assertThat(arrived()).isEqualTo("/1 . /2 . /3 . ");
    answer();
    answer();
    send(get("/5"));
    assertThat(arrived()).isEqualTo("/1 . /2 . /3 . /4 . /5 . ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17, 1000})
  void bodiesArriveWithTheirRequests(int bytes) {
    String all = post("/1", "abc") + chunked("/2", "de", "f") + get("/3") + post("/4", "ghi");
    for (int i = 0; i < all.length(); i += bytes) {
      send(all.substring(i, Math.min(i + bytes, all.length())));
    }
    assertThat(arrived()).isEqualTo("/1 abc. ");
    answer();
    assertThat(arrived()).isEqualTo("/1 abc. /2 def. ");
    answer();
    answer();
    assertThat(arrived()).isEqualTo("/1 abc. /2 def. /3 . /4 ghi. ");
  }

  @Test
  void bodyArrivesThatBeganWhileAnotherRequestWasAnswered() {
    send(get("/1") + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
    assertThat(arrived()).isEqualTo("/1 . ");
    answer();
    assertThat(arrived()).isEqualTo("/1 . /2 abc");
    send("def");
    send("ghi" + get("/3"));
    assertThat(arrived()).isEqualTo("/1 . /2 abcdefghi. ");
    answer();
    assertThat(arrived()).endsWith(". /3 . ");
  }

  /** Vert.x counts the parts that wait, not their bytes. */
  @Test
  void largePartsOfABodyArriveInSmallOnes() {
    channel
        .pipeline()
        .replace("httpDecoder", "httpDecoder", new HttpRequestDecoder(4096, 8192, 64 << 10));
    String body = "x".repeat(60_000);
    send(post("/1", body));
    assertThat(arrived()).isEqualTo("/1 " + body + ". ");
    assertThat(service.largest).isEqualTo(BodyParts.MOST);
  }

  /** The next request has its turn only when the event loop comes to it. */
  @Test
  void requestsArriveInOrderBetweenAResponseAndTheNextTurn() {
    send(get("/1") + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
    channel.pipeline().writeAndFlush(response());
    channel.pipeline().fireChannelRead(bytes("def" + get("/3") + get("/4")));
    channel.pipeline().fireChannelReadComplete();
    channel.runPendingTasks();
    assertThat(arrived()).isEqualTo("/1 . /2 abcdef. ");
    answer();
    answer();
    assertThat(arrived()).isEqualTo("/1 . /2 abcdef. /3 . /4 . ");
  }

  @Test
  void bodyThatIsAnsweredEarlyIsFollowedByTheNextRequest() {
    send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
    answer();
    send("def" + get("/2") + get("/3"));
    assertThat(arrived()).isEqualTo("/1 abcdef. /2 . ");
    answer();
    assertThat(arrived()).endsWith("/3 . ");
  }

  @Test
  void whatHasNotArrivedIsReleasedWhenTheConnectionEnds() {
    ByteBuf bytes = bytes(get("/1") + post("/2", "abc"));
    channel.writeInbound(bytes);
    assertThat(bytes.refCnt()).isPositive();
    channel.close();
    channel.runPendingTasks();
    assertThat(service.ended).isTrue();
    assertThat(arrived()).isEqualTo("/1 . ");
    assertThat(bytes.refCnt()).isZero();
  }

  @Test
  void nothingFollowsARequestThatClosesTheConnection() {
    ByteBuf bytes =
        bytes("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close, TE\r\n\r\n" + post("/2", "abc"));
    channel.writeInbound(bytes);
    answer();
    send(get("/3") + get("/4"));
    assertThat(arrived()).isEqualTo("/1 . ");
    channel.close();
    channel.runPendingTasks();
    assertThat(bytes.refCnt()).isZero();
  }

  /** Vert.x looks for the whole value. */
  @Test
  void requestOfHttp10ThatKeepsTheConnectionSaysSoInOneWord() {
    send("GET /1 HTTP/1.0\r\nConnection: keep-alive, x\r\n\r\n" + get("/2"));
    assertThat(service.connection).isEqualTo("keep-alive");
    answer();
    assertThat(arrived()).isEqualTo("/1 . /2 . ");
  }

  @Test
  void nothingFollowsARequestOfAVersionThatVertxDoesNotKnow() {
    send("GET /1 HTTP/1.2\r\nHost: a\r\n\r\n" + get("/2"));
    assertThat(service.connection).isEqualTo("close");
    answer();
    assertThat(arrived()).isEqualTo("/1 . ");
  }

  @Test
  void nothingFollowsAResponseThatClosesTheConnection() {
    send(get("/1") + get("/2"));
    DefaultFullHttpResponse last = response();
    last.headers().set(HttpHeaderNames.CONNECTION, "close");
    channel.writeOutbound(last);
    assertThat(arrived()).isEqualTo("/1 . ");
  }

  /** Vert.x would not close it, as it looks at the request only. */
  @ParameterizedTest
  @ValueSource(strings = {"def", "defPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"})
  void aConnectionEndsWithTheLastResponseWhenItsRequestHasArrived(String rest) {
    send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
    DefaultFullHttpResponse last = response();
    last.headers().set(HttpHeaderNames.CONNECTION, "close");
    channel.writeOutbound(last);
    channel.advanceTimeBy(2, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).as("the client reads, but may send before").isTrue();

    send(rest);
    channel.runPendingTasks();
    channel.advanceTimeBy(2, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(written()).contains("HTTP/1.1 200 OK").doesNotContain("/2");
    assertThat(arrived()).isEqualTo("/1 abcdef. ");
  }

  @Test
  void whatIsNotHttpIsRefusedWhenTheRequestsBeforeItAreAnswered() {
    send(get("/1") + get("/2") + "GET /3 HTTP/1.1\r\nX: no host\r\n\r\n" + get("/4"));
    answer();
    assertThat(arrived()).isEqualTo("/1 . /2 . ");
    assertThat(written()).doesNotContain("400");
    answer();
    assertThat(written()).contains("HTTP/1.1 400 Bad Request", "Host header");
    assertThat(refused).extracting(RefusedRequest::path).containsExactly("/3");
    assertThat(arrived()).isEqualTo("/1 . /2 . ");
  }

  @Test
  void requestWithBrokenChunksIsRefusedAndCountedInItsTurn() {
    String chunks = "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n";
    send(get("/1") + chunks);
    answer();
    assertThat(written()).contains("HTTP/1.1 400 Bad Request", "chunks");
    assertThat(refused).extracting(RefusedRequest::path).containsExactly("/2");
    assertThat(arrived()).isEqualTo("/1 . ");
  }

  private void send(String text) {
    channel.writeInbound(bytes(text));
  }

  private void answer() {
    assertThat(service.readComplete).isTrue();
    channel.writeOutbound(response());
  }

  private String arrived() {
    return service.arrived.toString();
  }

  private String written() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
      text.append(bytes.toString(StandardCharsets.US_ASCII));
      bytes.release();
    }
    return text.toString();
  }

  private static DefaultFullHttpResponse response() {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
    return response;
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String post(String path, String body) {
    return "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, body.length(), body);
  }

  private static String chunked(String path, String... chunks) {
    StringBuilder text = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: a\r\n");
    text.append("Transfer-Encoding: chunked\r\n\r\n");
    for (String chunk : chunks) {
      text.append("%x\r\n%s\r\n".formatted(chunk.length(), chunk));
    }
    return text.append("0\r\n\r\n").toString();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
