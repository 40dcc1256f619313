package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Http2Connection;
import dev.glimpse.support.Http2Connection.Frame;
import dev.glimpse.support.Http2Connection.Kind;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.RawConnection.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Opens connections that cost more than they are worth: that are not read, not finished, not HTTP,
 * or too many. Each is answered or closed soon, and others are answered meanwhile.
 */
@Timeout(30)
abstract class HostileConnections {

  static final int CONNECTIONS = 64;

  /** Short times, so that the tests need not wait long. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "glimpse.http.header-timeout", "1s",
          "glimpse.http.write-timeout", "1s",
          "glimpse.http.max-unread", "8M",
          "glimpse.http.max-connections", "" + CONNECTIONS);

  /** HTTP/2's error code of a stream that was not processed, so that a client may try it again. */
  private static final byte REFUSED_STREAM = 7;

  /** The flags of a head that is complete, of a request without a body. */
  private static final int ENDS = 5;

  /** The stream of a first request, which is answered. */
  private static final int FIRST = 1;

  private static final String LARGE = "/q/openapi";
  private static final String SMALL = "/q/health/live";

  abstract int port();

  /** Returns the longest that others may wait; otherwise they do for some milliseconds. */
  Duration atOnce() {
    return Duration.ofSeconds(1);
  }

  @AfterEach
  void othersAreAnsweredAtOnce() throws Exception {
    long started = System.nanoTime();
    try (RawConnection connection = new RawConnection(port())) {
      assertThat(get(connection, SMALL, "Host: localhost").status()).isEqualTo(200);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(atOnce());
  }

  @Test
  void streamsThatAreNotReadAreRefusedAndClosed() throws Exception {
    ByteArrayOutputStream requests = new ByteArrayOutputStream();
    for (int i = 0; i < 3000; i++) {
      requests.writeBytes(Http2Connection.get(FIRST + 2 * i + 2, LARGE));
    }
    try (Http2Connection connection = new Http2Connection(port(), 0)) {
      requireAnswer(connection, FIRST);
      trySend(connection, requests.toByteArray());
      othersAreAnsweredAtOnce();
      List<Frame> frames = readAll(connection);
      assertThat(ofType(frames, Http2Connection.HEADERS)).hasSizeLessThanOrEqualTo(100);
      assertThat(ofType(frames, Http2Connection.DATA)).isEmpty();
    }
  }

  @Test
  void fewStreamsThatAreNotReadAreClosed() throws Exception {
    try (Http2Connection connection = new Http2Connection(port(), 0)) {
      for (int i = 0; i < 20; i++) {
        connection.send(Http2Connection.get(2 * i + 1, LARGE));
      }
      List<Frame> frames = readAll(connection);
      List<Frame> refused = ofType(frames, Http2Connection.RESET); // once enough was left unread
      int answered = ofType(frames, Http2Connection.HEADERS).size();
      assertThat(answered).isPositive();
      assertThat(answered + refused.size()).isGreaterThanOrEqualTo(20);
      assertThat(refused).allMatch(frame -> frame.payload()[3] == REFUSED_STREAM);
    }
  }

  /** As one of a proxy that has other clients on the same connection. */
  @Test
  void bodiesOfRefusedStreamsEndNoOther() throws Exception {
    try (Http2Connection connection = new Http2Connection(port(), 0)) {
      int stream = FIRST;
      for (boolean refused = false; !refused && stream < FIRST + 200; stream += 2) {
        connection.send(Http2Connection.get(stream, LARGE));
        Frame frame = readOpen(connection);
        while (frame.stream() != stream) {
          frame = readOpen(connection);
        }
        refused = frame.type() == Http2Connection.RESET;
      }
      sendRefusedBodies(connection, stream, 3);
    }
  }

  /** More than one may have open, whose bodies would take all of the connection's window. */
  @Test
  void bodiesOfStreamsBeyondTheBoundEndNoOther() throws Exception {
    try (Http2Connection connection = new Http2Connection(port(), 65_535)) {
      requireAnswer(connection, FIRST);
      beginHundred(connection);
      sendRefusedBodies(connection, FIRST + 202, 120);
      connection.send(Http2Connection.cancel(FIRST + 4));
      connection.send(
          Http2Connection.post(FIRST + 602, "/predict", "image/jpeg", new byte[16_384]));
      connection.send(Http2Connection.frame(Kind.DATA, 1, FIRST + 2, new byte[5]));
      boolean first = false;
      boolean last = false;
      while (!first || !last) {
        Frame frame = readOpen(connection);
        first |= frame.type() == Http2Connection.HEADERS && frame.stream() == FIRST + 2;
        last |= frame.type() == Http2Connection.HEADERS && frame.stream() == FIRST + 602;
      }
    }
  }

  /** Begins streams that are refused; sends as much of their bodies as their windows allow. */
  private static void sendRefusedBodies(Http2Connection connection, int first, int count)
      throws IOException {
    for (int stream = first; stream < first + 2 * count; stream += 2) {
      connection.send(Http2Connection.beginPost(stream, "/predict", "image/jpeg"));
      connection.send(Http2Connection.moreData(stream, 1000));
      for (int i = 0; i < 4; i++) {
        connection.send(Http2Connection.frame(Kind.DATA, 0, stream, new byte[16_000]));
      }
      awaitReset(connection, stream);
      connection.send(Http2Connection.frame(Kind.DATA, 0, stream, new byte[1000]));
      connection.send(Http2Connection.cancel(stream));
    }
  }

  private static Frame readOpen(Http2Connection connection) throws IOException {
    Frame frame = connection.read();
    assertThat(frame.type()).as("of a frame that ends the connection").isNotEqualTo(7);
    return frame;
  }

  private static void awaitReset(Http2Connection connection, int stream) throws IOException {
    Frame frame = readOpen(connection);
    while (frame.type() != Http2Connection.RESET || frame.stream() != stream) {
      frame = readOpen(connection);
    }
    assertThat(frame.payload()[3]).isEqualTo(REFUSED_STREAM);
  }

  /** Each holds as much memory as a connection of HTTP/1 with a request. */
  @Test
  void streamsOfAllConnectionsAreBoundedTogether() throws Exception {
    List<Http2Connection> connections = new ArrayList<>();
    try (Http2Connection last = new Http2Connection(port(), 65_535)) {
      for (int i = 0; i < CONNECTIONS / 2; i++) {
        Http2Connection connection = new Http2Connection(port(), 65_535);
        connections.add(connection);
        requireAnswer(connection, FIRST);
        beginHundred(connection);
      }
      requireAnswer(last, FIRST);
      beginHundred(last);
      for (int refused = 0; refused < 30; ) {
        Frame frame = readOpen(last);
        String text = new String(frame.payload(), StandardCharsets.US_ASCII);
        refused += text.contains("As many HTTP/2 streams are open as may be") ? 1 : 0;
      }
      for (Http2Connection connection : connections) {
        trySend(
            connection, Http2Connection.frame(Kind.PUSH_PROMISE, 0, 2, new byte[9])); // breaks it
        connection.close();
      }
      othersAreAnsweredAtOnce();
      for (int i = 1; i <= 100; i++) {
        last.send(Http2Connection.cancel(FIRST + 2 * i));
      }
      int next = FIRST + 1000;
      last.send(Http2Connection.get(next, SMALL));
      Frame frame = last.read();
      while (frame.type() != Http2Connection.HEADERS || frame.stream() != next) {
        frame = last.read();
      }
    } finally {
      for (Http2Connection connection : connections) {
        connection.close();
      }
    }
  }

  private static void beginHundred(Http2Connection connection) throws IOException {
    for (int i = 1; i <= 100; i++) {
      int stream = FIRST + 2 * i;
      connection.send(Http2Connection.beginPost(stream, "/predict", "image/jpeg"));
      connection.send(Http2Connection.frame(Kind.DATA, 0, stream, new byte[5]));
    }
  }

  /** It is a thousandth of what a photo's upload has to be, and less than min-rate. */
  @ParameterizedTest
  @CsvSource({"1024, true", "512, false"})
  void responsesMayBeReadAtTheMinimumRate(int bytesASecond, boolean enough) throws Exception {
    try (Http2Connection connection = new Http2Connection(port(), 0)) {
      connection.send(Http2Connection.get(FIRST, LARGE));
      long end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
      boolean open = true;
      while (open && System.nanoTime() < end) {
        Thread.sleep(250);
        open = trySend(connection, Http2Connection.moreData(FIRST, bytesASecond / 4));
      }
      assertThat(open).isEqualTo(enough);
    }
  }

  @Test
  void streamsThatAreCancelledAreBounded() throws Exception {
    ByteArrayOutputStream requests = new ByteArrayOutputStream();
    for (int i = 0; i < 2000; i++) {
      requests.writeBytes(Http2Connection.get(FIRST + 2 * i + 2, SMALL));
      requests.writeBytes(Http2Connection.cancel(FIRST + 2 * i + 2));
    }
    try (Http2Connection connection = new Http2Connection(port(), 65_535)) {
      requireAnswer(connection, FIRST);
      trySend(connection, requests.toByteArray());
      assertThat(ofType(readAll(connection), Http2Connection.HEADERS)).hasSizeLessThan(500);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"PRIORITY", "SETTINGS", "PING", "WINDOW_UPDATE", "UNKNOWN"})
  void framesThatAskForNothingAreBounded(Kind kind) throws Exception {
    byte[] payload =
        switch (kind) {
          case PRIORITY -> new byte[] {0, 0, 0, 1, 9};
          case PING -> new byte[8];
          case WINDOW_UPDATE -> new byte[] {0, 0, 0, 1};
          default -> new byte[0];
        };
    int stream = kind == Kind.PRIORITY ? FIRST + 2 : 0;
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < 20_000; i++) {
      frames.writeBytes(Http2Connection.frame(kind, 0, stream, payload));
    }
    try (Http2Connection connection = new Http2Connection(port(), 65_535)) {
      requireAnswer(connection, FIRST);
      trySend(connection, frames.toByteArray());
      readAll(connection); // it ends
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000})
  void headsWithoutAnEndAreBounded(int bytes) throws Exception {
    byte[] more = Http2Connection.frame(Kind.CONTINUATION, 0, FIRST + 2, fields(bytes));
    try (Http2Connection connection = new Http2Connection(port(), 65_535)) {
      requireAnswer(connection, FIRST);
      byte[] begin = Http2Connection.getFields(SMALL);
      connection.send(Http2Connection.frame(Kind.HEADERS, 0, FIRST + 2, begin));
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      for (int i = 0; i < 5000; i++) {
        frames.writeBytes(more);
      }
      trySend(connection, frames.toByteArray());
      readAll(connection); // it ends
    }
  }

  /** Without any other request, with one that is arriving, and of fields that follow a body. */
  @ParameterizedTest
  @CsvSource({
    "HEADERS, 3, 0",
    "HEADERS, 3, 1",
    "HEADERS, 1, 1",
    "CONTINUATION, 3, 0",
    "PING, 0, 1"
  })
  void framesThatDoNotArriveAreClosed(Kind kind, int stream, int others) throws Exception {
    long started = System.nanoTime();
    try (Http2Connection connection = new Http2Connection(port(), 65_535)) {
      if (others > 0) {
        connection.send(Http2Connection.beginPost(FIRST, "/predict", "image/jpeg"));
      }
      byte[] begin = Http2Connection.getFields(SMALL);
      if (kind == Kind.CONTINUATION) {
        connection.send(Http2Connection.frame(Kind.HEADERS, 0, stream, begin));
      }
      byte[] frame = Http2Connection.frame(kind, 0, stream, begin);
      connection.send(kind == Kind.HEADERS ? frame : Arrays.copyOf(frame, 5));
      readAll(connection);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
  }

  /** Fields of a header that the other side is not to remember, or no bytes. */
  private static byte[] fields(int bytes) {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    while (fields.size() < bytes) {
      fields.writeBytes(new byte[] {0, 1, 'x', 100});
      fields.writeBytes(new byte[100]);
    }
    return fields.toByteArray();
  }

  /** A header of 4,000 bytes is sent once, and then named thousands of times, in a byte each. */
  @Test
  void headersThatGrowWhenTheyAreReadAreBounded() throws Exception {
    ByteArrayOutputStream large = new ByteArrayOutputStream();
    large.writeBytes(Http2Connection.getFields(SMALL));
    large.writeBytes(new byte[] {0x40, 1, 'x', 0x7F, (byte) 0xA1, 0x1E}); // 127 + 33 + 30 * 128
    large.writeBytes(new byte[4000]);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.writeBytes(Http2Connection.getFields(SMALL));
    for (int i = 0; i < 10_000; i++) {
      bomb.write(0xBE); // the newest of the table
    }
    try (Http2Connection connection = new Http2Connection(port(), 65_535)) {
      requireAnswer(connection, FIRST);
      byte[] first = Http2Connection.frame(Kind.HEADERS, ENDS, FIRST + 2, large.toByteArray());
      trySend(connection, first);
      int last = FIRST + 100;
      for (int stream = FIRST + 4; stream < last; stream += 2) {
        trySend(connection, Http2Connection.frame(Kind.HEADERS, ENDS, stream, bomb.toByteArray()));
      }
      connection.send(Http2Connection.get(last, SMALL));
      Frame frame = connection.read();
      while (frame.type() != Http2Connection.HEADERS || frame.stream() != last) {
        assertThat(frame.isOk() && frame.stream() > FIRST + 2).as("a bomb was let in").isFalse();
        frame = connection.read();
      }
      assertThat(frame.isOk()).isTrue();
    }
  }

  /** Neither side's table of headers may grow with what a client sends, or lets be sent. */
  @Test
  void headersThatAreAllDifferentAreAnswered() throws Exception {
    try (Http2Connection connection = new Http2Connection(port(), 1 << 20, Integer.MAX_VALUE)) {
      connection.send(Http2Connection.moreData(1 << 24));
      for (int i = 0; i < 2000; i++) {
        int stream = 2 * i + 1;
        connection.send(Http2Connection.get(stream, SMALL, "x-request-id", "%0110d".formatted(i)));
        Frame head = requireHead(connection, stream);
        if (i == 0) {
          assertThat(head.tableSize()).isBetween(0L, 4096L);
        }
      }
    }
  }

  /** Sends a request and reads the head of its response, so that later ones prove a refusal. */
  private static void requireAnswer(Http2Connection connection, int stream) throws IOException {
    connection.send(Http2Connection.get(stream, SMALL));
    assertThat(requireHead(connection, stream).stream()).isEqualTo(stream);
  }

  private static Frame requireHead(Http2Connection connection, int stream) throws IOException {
    Frame frame = connection.read();
    while (frame.type() != Http2Connection.HEADERS) {
      frame = connection.read();
    }
    assertThat(frame.isOk()).isTrue();
    assertThat(frame.stream()).isEqualTo(stream);
    return frame;
  }

  @Test
  void http2WithPriorKnowledgeIsAnswered() throws Exception {
    try (Http2Connection connection = new Http2Connection(port(), 1 << 20)) {
      for (int stream = 1; stream < 200; stream += 2) {
        requireAnswer(connection, stream);
      }
    }
  }

  @Test
  void bodiesOfHttp2WithPriorKnowledgeAreRead() throws Exception {
    try (Http2Connection connection = new Http2Connection(port(), 1 << 20)) {
      for (int stream = 1; stream < 6; stream += 2) {
        connection.send(
            Http2Connection.post(stream, "/predict", "image/jpeg", Fixtures.image("green.jpg")));
        requireHead(connection, stream);
      }
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    ByteArrayOutputStream requests = new ByteArrayOutputStream();
    for (int i = 0; i < 300; i++) {
      requests.writeBytes(
          request("GET", i % 3 == 0 ? LARGE : SMALL, "Host: a", "X-Request-ID: " + i));
    }
    try (RawConnection connection = new RawConnection(port())) {
      Thread sender = new Thread(() -> trySend(connection, requests.toByteArray()));
      sender.start();
      for (int i = 0; i < 300; i++) {
        assertThat(connection.read().headers()).containsEntry("x-request-id", "" + i);
      }
      sender.join();
      assertThat(get(connection, SMALL, "Host: a").status()).isEqualTo(200);
    }
  }

  @Test
  void pipelinedRequestsWhoseResponsesAreNotReadAreClosed() throws Exception {
    byte[] thousand =
        new String(request("GET", LARGE, "Host: a"), StandardCharsets.US_ASCII)
            .repeat(1000)
            .getBytes(StandardCharsets.US_ASCII);
    try (RawConnection connection = new RawConnection(port())) {
      long sent = 0;
      long started = System.nanoTime();
      while (trySend(connection, thousand) && sent < 100 << 20) {
        sent += thousand.length;
      }
      assertThat(sent).isLessThan(20 << 20); // what the kernel buffers
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
    }
  }

  @Test
  void headsThatArriveSlowlyAreClosed() throws Exception {
    long started = System.nanoTime();
    try (RawConnection connection = new RawConnection(port())) {
      for (byte b : request("GET", SMALL, "Host: localhost", "X-A: " + "a".repeat(200))) {
        if (!trySend(connection, new byte[] {b})) {
          break;
        }
        Thread.sleep(50);
      }
    }
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(4));
  }

  /** HTTP/2's preface, of which the rest does not come, or which is followed by no settings. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "P",
        "PRI * HTTP/2.0\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\6\4",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\rx",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
      })
  void prefacesThatAreNotCompleteAreClosed(String preface) throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      connection.send(preface.getBytes(StandardCharsets.US_ASCII));
      long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
      boolean closed = isClosed(connection);
      while (!closed && System.nanoTime() < end) {
        closed = isClosed(connection); // it may have been answered before
      }
      assertThat(closed).isTrue();
    }
  }

  @Test
  void idleConnectionsMakeRoomForNewOnes() throws Exception {
    List<RawConnection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < 5 * CONNECTIONS; i++) {
        connections.add(new RawConnection(port()));
        if (i % 2 == 0) {
          trySend(connections.get(i), "GET / HT".getBytes(StandardCharsets.US_ASCII));
        }
      }
      requireRoomWithinASecond();
      assertThat(isClosed(connections.get(0))).isTrue();
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }

  /** More than may be open, and each is sure to have been read: its client is told to go on. */
  @Test
  void requestsThatDoNotArriveMakeRoomForNewConnections() throws Exception {
    List<RawConnection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < 4 * CONNECTIONS; i++) {
        RawConnection connection = new RawConnection(port());
        connections.add(connection);
        trySend(
            connection,
            request("POST", "/predict", "Host: a", "Content-Length: 9", "Expect: 100-continue"));
        if (i < CONNECTIONS) {
          assertThat(connection.read().status()).isEqualTo(100);
        }
      }
      requireRoomWithinASecond();
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }

  private void requireRoomWithinASecond() throws Exception {
    long started = System.nanoTime();
    while (true) {
      try {
        othersAreAnsweredAtOnce();
        return;
      } catch (IOException e) { // the connection was closed
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /q/health/live", "POST /q/health/live", "GET /q/metrics"})
  void bodiesWhereNoneIsExpectedAreBounded(String line) throws Exception {
    byte[] chunk = ("10000\r\n" + "a".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    String[] words = line.split(" ");
    try (RawConnection connection = new RawConnection(port())) {
      connection.send(request(words[0], words[1], "Host: a", "Transfer-Encoding: chunked"));
      int sent = 0;
      while (sent < 300 << 20 && trySend(connection, chunk)) {
        sent += chunk.length;
      }
      assertThat(sent)
          .isLessThan(160 << 20); // four of the largest bodies, and what the kernel holds
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xyz\r\nabc\r\n",
        "3\r\nabcdef\r\n0\r\n\r\n",
        "-1\r\n",
        "ffffffffff\r\n",
        "ffffffffffffffff1\r\n",
        "0x3\r\nabc\r\n",
        "3;a=b\nabc\r\n0\r\n\r\n",
        "3;a=\"\r\n\r\n0\r\n\r\n",
        "3\nabc\n0\n\n"
      })
  void brokenChunksGetA400UnlessTheResponseWasComplete(String chunks) throws Exception {
    for (String path : List.of("/predict", SMALL)) {
      try (RawConnection connection = new RawConnection(port())) {
        connection.send(
            request(
                "POST", path, "Host: a", "Content-Type: image/png", "Transfer-Encoding: chunked"));
        connection.send(chunks.getBytes(StandardCharsets.US_ASCII));
        Answer answer = connection.read();
        if (path.equals("/predict") || answer.status() == 400) {
          requireProblem(answer, 400, "malformed-request", "chunks");
        }
        assertThat(connection.ends()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: xchunked|Content-Length: 5",
        "Transfer-Encoding: chunked|Content-Length: 5",
        "Content-Length: 5|Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked|Transfer-Encoding: identity",
        "Content-Length: 5|Content-Length: 6",
        "Content-Length: -5",
        "Content-Length: 5x",
        "Content-Length: +5",
        "Content-Length: 0x5",
        "Content-Length: 5, 5",
        "Content-Length: 5|Content-Length: 5",
        "Content-Length: ",
        "Content-Length : 5",
        "Transfer-Encoding : chunked|Content-Length: 5",
        "Transfer-Encoding:\tchunked|Content-Length: 5",
        "Transfer-Encoding: \u000bchunked|Content-Length: 5",
        "Transfer-Encoding: \"chunked\"|Content-Length: 5",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding:|chunked|Content-Length: 5",
        "X: a\rContent-Length: 50|Content-Length: 5",
        "X: a\u0000b|Content-Length: 5",
      })
  void lengthsThatServersReadDifferentlyGetA400(String headers) throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      connection.send(request("POST", "/predict", ("Host: a|" + headers).split("\\|")));
      connection.send(
          "0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      requireProblem(connection.read(), 400, "malformed-request", "");
      assertThat(connection.ends()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-A: b", "Host: a|Host: b"})
  void requestsWithoutOneHostGetA400(String headers) throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      connection.send(request("GET", SMALL, "Host: a"));
      connection.send(request("GET", SMALL, headers.split("\\|")));
      assertThat(connection.read().status()).isEqualTo(200);
      requireProblem(connection.read(), 400, "malformed-request", "Host header");
      assertThat(connection.ends()).isTrue();
    }
  }

  /** Such as the beginning of HTTP/2, of which the rest is not. */
  @ParameterizedTest
  @ValueSource(strings = {"PRI * HTTP/2.0", "GET /q/health/live HTTP/2.0", "GET / HTTP/3.0"})
  void requestsOfAnotherVersionGetA400(String line) throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      connection.send((line + "\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      requireProblem(connection.read(), 400, "malformed-request", "another version");
      assertThat(connection.ends()).isTrue();
    }
  }

  @Test
  void longHeadsGetAProblem() throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      Answer answer = get(connection, "/q/" + "a".repeat(5000), "Host: a");
      requireProblem(answer, 414, "uri-too-long", "request line");
      assertThat(connection.ends()).isTrue();
    }
    try (RawConnection connection = new RawConnection(port())) {
      Answer answer = get(connection, SMALL, "Host: a", "X-A: " + "a".repeat(30_000));
      requireProblem(answer, 431, "headers-too-large", "headers");
      assertThat(connection.ends()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "X-A: b, 0",
    "Expect: 100-continue, 0",
    "X-A: b, 1000000",
    "Expect: 100-continue, 1000000"
  })
  void upgradesToHttp2AreAnsweredInHttp1(String header, int least) throws Exception {
    byte[] image = Fixtures.padded(Fixtures.image("red.jpg"), least);
    try (RawConnection connection = new RawConnection(port())) {
      for (int i = 0; i < 2; i++) {
        connection.post(
            image,
            "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
            header);
        Answer answer = connection.read();
        if (answer.status() == 100) {
          answer = connection.read();
        }
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      }
    }
  }

  /** There are no such endpoints; the connection goes on in HTTP/1. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "/predict", SMALL})
  void upgradesToWebSocketsAreIgnored(String path) throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      for (int i = 0; i < 100; i++) {
        Answer answer =
            get(
                connection,
                path,
                "Host: a",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(answer.status()).isIn(200, 404, 405);
      }
      assertThat(get(connection, SMALL, "Host: a").status()).isEqualTo(200);
    }
  }

  /** No response is made of many parts of a document. */
  @Test
  void rangesAreIgnored() throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      int whole = get(connection, LARGE, "Host: a").body().length();
      String ranges = "Range: bytes=" + "0-,".repeat(900) + "0-";
      Answer answer = get(connection, LARGE, "Host: a", ranges);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).hasSize(whole);
    }
  }

  private static void requireProblem(Answer answer, int status, String code, String detail) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers())
        .containsEntry("content-type", "application/problem+json")
        .containsEntry("connection", "close");
    assertThat(answer.body())
        .contains("urn:glimpse:problem:" + code + '"', detail)
        .contains(answer.headers().get("x-request-id"));
  }

  private static Answer get(RawConnection connection, String path, String... headers)
      throws IOException {
    connection.send(request("GET", path, headers));
    return connection.read();
  }

  private static byte[] request(String method, String path, String... headers) {
    return (method + " " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isClosed(RawConnection connection) throws IOException {
    try {
      return connection.ends();
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // reset, with data that had not been read
    }
  }

  private static boolean trySend(RawConnection connection, byte[] bytes) {
    try {
      connection.send(bytes);
      return true;
    } catch (IOException e) {
      return false; // closed by the other side
    }
  }

  private static boolean trySend(Http2Connection connection, byte[] frames) {
    try {
      connection.send(frames);
      return true;
    } catch (IOException e) {
      return false; // closed by the other side
    }
  }

  /** Reads until the connection ends. */
  private static List<Frame> readAll(Http2Connection connection) {
    List<Frame> frames = new ArrayList<>();
    try {
      while (true) {
        frames.add(connection.read());
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("The connection stays open.", e);
    } catch (IOException e) {
      return frames;
    }
  }

  private static List<Frame> ofType(List<Frame> frames, int type) {
    return frames.stream().filter(frame -> frame.type() == type).toList();
  }
}
