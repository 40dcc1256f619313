package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.HostileImages;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sends bodies of megabytes that are made to cost more than others. Each is answered soon, and
 * another client's requests meanwhile.
 */
public abstract class ExpensiveBodies {

  /** The most bytes of a body, but for the brackets. */
  private static final int MOST = 9_300_000;

  /** Less JSON than is refused for its size where the heap has 128 MB. */
  private static final int NAMES = 7_500_000;

  private static final int MILLION = 1_000_000;

  private static final String FORM = "multipart/form-data; boundary=b";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Thread other;
  private volatile boolean ended;
  private volatile long longestNanos;
  private volatile Throwable failed;

  /** Returns the port of a service with the settings of {@code ColorModels}. */
  protected abstract int port();

  private ColorsClient client() {
    return new ColorsClient(port());
  }

  /** Sends small requests meanwhile. */
  @BeforeEach
  void letAnotherClientSend() {
    other = new Thread(this::sendSmallRequests);
    other.start();
  }

  private void sendSmallRequests() {
    byte[] small = Fixtures.image("red.jpg");
    try (RawConnection connection = new RawConnection(port())) {
      while (!ended) {
        long started = System.nanoTime();
        connection.post(small);
        assertThat(connection.read().status()).isEqualTo(200);
        longestNanos = Math.max(longestNanos, System.nanoTime() - started);
        Thread.sleep(20);
      }
    } catch (Exception | AssertionError e) {
      failed = e;
    }
  }

  @AfterEach
  void otherClientWasAnsweredAtOnce() throws Exception {
    ended = true;
    threads.shutdown();
    other.join();
    assertThat(failed).isNull();
    assertThat(Duration.ofNanos(longestNanos)).isLessThan(Duration.ofSeconds(1));
  }

  static Stream<String> elements() {
    return Stream.of("{}", "\"\"");
  }

  @ParameterizedTest
  @MethodSource("elements")
  void millionsOfEmptyElementsCostTimeInProportion(String element) throws Exception {
    for (String[] sent :
        new String[][] {
          {"{\"images\":[%s]}", "/predict/batch"},
          {"{\"image\":{\"b64\":[%s]}}", "/predict"},
          {"{\"image\":[%s]}", "/predict"},
          {"{\"top_k\":[%s]}", "/predict", "/predict/batch"},
          {"{\"instances\":[%s]}", "/v1/models/colors:predict", "/invocations"},
          {"{\"inputs\":[%s]}", "/v2/models/colors/infer", "/models/colors"},
          {"{\"outputs\":[%s]}", "/v2/models/colors/infer"},
          {
            "{\"parameters\":{\"x\":[%s]}}",
            "/v2/models/colors/infer",
            "/v1/models/colors:predict",
            "/models/colors",
            "/predictions/colors"
          },
          {
            "{\"inputs\":[{\"name\":\"pixel_values\",\"datatype\":\"BYTES\",\"shape\":[3100000],\"data\":[%s]}]}",
            "/v2/models/colors/infer"
          },
        }) {
      byte[] whole = body(sent[0], element, MOST);
      byte[] tenth = body(sent[0], element, MILLION);
      List<String> readers = List.of(sent).subList(1, sent.length);
      for (String path : ColorsClient.JSON_ENDPOINTS) {
        // Where an endpoint knows the field, all of it; elsewhere the first names are refused.
        byte[] body = readers.contains(path) ? whole : tenth;
        long started = System.nanoTime();
        HttpResponse<String> answer = client().post(path, "application/json", body);
        String what = path + sent[0] + element;
        assertThat(answer.statusCode()).as(what).isBetween(400, 422);
        assertThat(Duration.ofNanos(System.nanoTime() - started))
            .as(what)
            .isLessThan(Duration.ofSeconds(5));
      }
    }
  }

  private static byte[] body(String head, String element, int bytes) {
    String elements = (element + ",").repeat(bytes / (element.length() + 1)) + element;
    return head.formatted(elements).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void hundredsOfThousandsOfNames() throws Exception {
    StringBuilder names = new StringBuilder("{\"instances\":[{\"b64\":\"AAAA\"}]");
    for (int i = 0; names.length() < NAMES; i++) {
      names.append(",\"n").append(i * 31).append("\":0");
    }
    refusesNames(names.append('}').toString());
  }

  @Test
  void hundredsOfThousandsOfNamesInSmallObjects() throws Exception {
    StringBuilder names = new StringBuilder("{\"instances\":[{\"b64\":\"AAAA\"}]");
    for (int i = 0; names.length() < NAMES; i++) {
      names.append(i % 9000 == 0 ? (i > 0 ? "},\"o" : ",\"o") + i + "\":{" : ",");
      names.append("\"n").append(i * 31).append("\":0");
    }
    refusesNames(names.append("}}").toString());
  }

  private void refusesNames(String json) throws Exception {
    for (String path :
        List.of(
            "/predict",
            "/predictions/colors",
            "/v1/models/colors:predict",
            "/v2/models/colors/infer")) {
      HttpResponse<String> answer = client().postJson(path, json);
      assertThat(answer.statusCode()).as(path).isEqualTo(400);
      if (!path.equals("/predict")) { // which knows its names, and refuses the first of the others
        assertThat(answer.body()).as(path).contains("more than 10000 different names");
      }
    }
  }

  @Test
  void compressedBodiesAreBounded() throws Exception {
    byte[] bomb = gzip(new byte[200 << 20]);

    assertThat(
            client().post("/predict", "image/png", bomb, "Content-Encoding", "gzip").statusCode())
        .isEqualTo(413);
  }

  @Test
  void compressedBodiesAreBoundedAtEveryEndpoint() throws Exception {
    byte[] bomb = gzip(new byte[100 << 20]);
    for (String path : ColorsClient.JSON_ENDPOINTS) {
      int status = path.startsWith("/v2/repository") ? 415 : 413; // which inflates none
      assertThat(statusOf(path, "application/json", bomb, "gzip")).as(path).isEqualTo(status);
    }
    for (String path : List.of("/predict", "/predict/batch")) {
      assertThat(statusOf(path, FORM, bomb, "gzip")).as(path).isEqualTo(413);
      assertThat(statusOf(path, FORM, gzip(bomb), "gzip, gzip")).as(path).isEqualTo(415);
    }
  }

  /** Returns the status that comes within five seconds. */
  private int statusOf(String path, String type, byte[] body, String coding) throws Exception {
    long started = System.nanoTime();
    HttpResponse<String> answer = client().post(path, type, body, "Content-Encoding", coding);
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .as(path)
        .isLessThan(Duration.ofSeconds(5));
    return answer.statusCode();
  }

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of("100,000 parts", 413, part("name=\"p\"", "").repeat(100_000)),
        Arguments.of("100,000 files", 413, part("name=\"file\"", "").repeat(100_000)),
        Arguments.of("a long header", 400, part("name=\"file\"", "X-A: " + "a".repeat(MOST))),
        Arguments.of("many headers", 400, part("name=\"file\"", "X-A: b\r\n".repeat(MILLION))),
        Arguments.of("many parameters", 400, part("a=b; ".repeat(MILLION), "")),
        Arguments.of("a long name", 400, part("name=\"" + "a".repeat(MOST) + "\"", "")),
        Arguments.of("many quotes", 400, part("name=\"" + "\\\"".repeat(MILLION) + "\"", "")),
        Arguments.of("only boundaries", 400, "--b\r\n".repeat(MILLION)));
  }

  private static String part(String disposition, String header) {
    return "--b\r\nContent-Disposition: form-data; %s\r\n%s\r\n\r\nx\r\n"
        .formatted(disposition, header)
        .replace("\r\n\r\n\r\n", "\r\n\r\n");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void formsThatAreHardToReadAreRefused(String what, int status, String parts) throws Exception {
    byte[] body = (parts + "--b--\r\n").getBytes(StandardCharsets.US_ASCII);
    for (String path : List.of("/predict", "/predict/batch")) {
      assertThat(statusOf(path, FORM, body, "identity")).as(path).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @CsvSource({"TIFF, 200", "PNG, 200", "SCANS, 413"})
  void imagesThatDemandMuchAreDecodedOrRefused(String kind, int status) throws Exception {
    byte[] image =
        switch (kind) {
          case "TIFF" -> HostileImages.tiffOfLongTags();
          case "PNG" -> HostileImages.pngOfGigabytes();
          default -> HostileImages.scans(7000, 20);
        };
    long started = System.nanoTime();
    HttpResponse<String> answer = client().post("/predict", "application/octet-stream", image);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PNG", "SCANS"})
  void longImagesFromManyConnectionsKeepNoOneElseWaiting(String kind) throws Exception {
    byte[] image = kind.equals("PNG") ? HostileImages.blackPng(3000) : HostileImages.scans(7000, 4);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
    List<CompletableFuture<Integer>> clients =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> classified(image, end), threads))
            .limit(40)
            .toList();
    int all = clients.stream().mapToInt(CompletableFuture::join).sum();
    assertThat(all).isPositive(); // they have their turns, too
  }

  private int classified(byte[] image, long end) {
    int classified = 0;
    try (RawConnection connection = new RawConnection(port())) {
      while (System.nanoTime() < end) {
        connection.post(image);
        int status = connection.read().status();
        assertThat(status).isIn(200, 503);
        classified += status == 200 ? 1 : 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return classified;
  }

  private static byte[] gzip(byte[] bytes) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
