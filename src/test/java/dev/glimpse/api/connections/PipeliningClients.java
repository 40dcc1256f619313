package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.RawConnection.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends HTTP/1.1 requests before those ahead of them are answered. */
@Timeout(30)
public abstract class PipeliningClients {

  private static final byte[] IMAGE = Fixtures.image("red.jpg");
  private static final byte[] LARGE = Fixtures.padded(IMAGE, 1_000_000);

  /** How long the service has for what it has before more arrives, now and then. */
  private static final int PAUSE_MILLIS = 3;

  private int requests;

  protected abstract int port();

  @Test
  void threeRequestsAreAnsweredInTheirOrder() throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      connection.send(concat(get(), get(), get()));
      requireAnswers(connection, 3);
    }
  }

  /** All at once, as {@code bytes} is more than that; or in pieces that may end anywhere. */
  @ParameterizedTest
  @ValueSource(ints = {7, 100, 4_000, 100_000_000})
  void bodiesAreReadInTheirTurn(int bytes) throws Exception {
    byte[] all =
        concat(post(IMAGE), get(), chunked(IMAGE), post(IMAGE), chunked(IMAGE), get(), get());
    Random random = new Random(bytes);
    try (RawConnection connection = new RawConnection(port())) {
      Thread sender = new Thread(() -> send(connection, all, bytes, random));
      sender.start();
      requireAnswers(connection, 7);
      sender.join();
    }
  }

  @Test
  void largeBodiesAreReadInTheirTurn() throws Exception {
    byte[] all = concat(get(), post(LARGE), chunked(LARGE), post(LARGE), get());
    try (RawConnection connection = new RawConnection(port())) {
      Thread sender = new Thread(() -> send(connection, all, all.length, new Random(0)));
      sender.start();
      requireAnswers(connection, 5);
      sender.join();
    }
  }

  @Test
  void bodyThatIsHalfThereWaitsForTheRest() throws Exception {
    byte[] first = get();
    byte[] second = post(IMAGE);
    try (RawConnection connection = new RawConnection(port())) {
      connection.send(concat(first, Arrays.copyOf(second, second.length - 100)));
      requireAnswer(connection, 1);
      connection.send(Arrays.copyOfRange(second, second.length - 100, second.length));
      connection.send(get());
      requireAnswer(connection, 2);
      requireAnswer(connection, 3);
    }
  }

  @Test
  void secondRequestMayAskWhetherToGoOn() throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      String head = "Content-Length: " + IMAGE.length + "\r\nExpect: 100-continue\r\n";
      connection.send(concat(get(), request("POST /predict", head)));
      requireAnswer(connection, 1);
      assertThat(connection.read().status()).isEqualTo(100);
      connection.send(concat(IMAGE, get()));
      requireAnswer(connection, 2);
      requireAnswer(connection, 3);
    }
  }

  @Test
  void nothingIsAnsweredAfterARequestThatClosesTheConnection() throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      String last = "Connection: close\r\n";
      connection.send(concat(get(), request("GET /q/health/live", last), post(IMAGE), get()));
      requireAnswers(connection, 2);
      assertThat(isClosed(connection)).isTrue();
    }
  }

  @Test
  void invalidRequestIsRefusedInItsTurn() throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      byte[] broken = "GET / HTTP/1.1\r\nX: no host\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      connection.send(concat(post(IMAGE), get(), broken, get()));
      requireAnswers(connection, 2);
      assertThat(connection.read().status()).isEqualTo(400);
      assertThat(isClosed(connection)).isTrue();
    }
  }

  /** The one before has a large response, which cannot be written any more. */
  @ParameterizedTest
  @ValueSource(ints = {0, 50, 5_000})
  void clientsThatAreGoneLeaveNothing(int bytes) throws Exception {
    for (int i = 0; i < 30; i++) {
      try (RawConnection connection = new RawConnection(port())) {
        connection.send(concat(request("GET /q/openapi", ""), Arrays.copyOf(post(LARGE), bytes)));
        Thread.sleep(PAUSE_MILLIS);
        connection.reset();
      }
    }
    requests = 0;
    threeRequestsAreAnsweredInTheirOrder();
  }

  private void requireAnswers(RawConnection connection, int count) throws IOException {
    for (int i = 1; i <= count; i++) {
      requireAnswer(connection, i);
    }
  }

  private static void requireAnswer(RawConnection connection, int number) throws IOException {
    Answer answer = connection.read();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("x-request-id", "" + number);
  }

  private static boolean isClosed(RawConnection connection) {
    try {
      return connection.ends();
    } catch (IOException e) {
      return true; // reset, with data that had not been read
    }
  }

  private static void send(RawConnection connection, byte[] all, int most, Random random) {
    try {
      for (int sent = 0; sent < all.length; ) {
        int next = Math.min(all.length, sent + random.nextInt(most) + most / 2 + 1);
        connection.send(Arrays.copyOfRange(all, sent, next));
        sent = next;
        if (random.nextInt(10) == 0) {
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] get() {
    return request("GET /q/health/live", "");
  }

  private byte[] post(byte[] image) {
    return concat(request("POST /predict", "Content-Length: " + image.length + "\r\n"), image);
  }

  private byte[] chunked(byte[] image) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(request("POST /predict", "Transfer-Encoding: chunked\r\n"));
    for (int from = 0; from < image.length; from += 10_000) {
      byte[] chunk = Arrays.copyOfRange(image, from, Math.min(image.length, from + 10_000));
      all.writeBytes("%x\r\n".formatted(chunk.length).getBytes(StandardCharsets.US_ASCII));
      all.writeBytes(chunk);
      all.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    all.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return all.toByteArray();
  }

  private byte[] request(String line, String headers) {
    return "%s HTTP/1.1\r\nHost: a\r\nX-Request-ID: %d\r\nContent-Type: image/jpeg\r\n%s\r\n"
        .formatted(line, ++requests, headers)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
