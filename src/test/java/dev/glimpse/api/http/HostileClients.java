package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Http2Connection;
import dev.glimpse.support.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sends what takes more time or memory than its bytes are worth, or what other servers read
 * differently. Each is answered soon, with no 500, and a good request after it as ever.
 */
public abstract class HostileClients {

  private static final String LAST_LINE = "--x--\r\n";
  private static final String PART = "--x\r\nContent-Disposition: form-data; name=\"file\"";

  /** Returns the port of a service with the settings of {@code ColorModels}. */
  protected abstract int port();

  private ColorsClient client() {
    return new ColorsClient(port());
  }

  static Stream<String> nastyHeaders() {
    return Stream.of("-a", "a-", " ", "\t", ",", ";", "a,", "*/*,", ";q=", "\"", "a/", "=", ";a=b");
  }

  @ParameterizedTest
  @MethodSource("nastyHeaders")
  void hostileHeadersAreAnsweredAtOnce(String part) throws Exception {
    for (String header :
        List.of(
            "Accept-Language: zh",
            "Accept: */*",
            "Accept-Encoding: gzip",
            "Content-Type: image/png",
            "Content-Encoding: identity",
            "X-Request-ID: a",
            "grpc-timeout: 1",
            "Origin: http://a",
            "Cookie: a=b",
            "Expect: a",
            "Range: bytes=")) {
      long started = System.nanoTime();
      try (RawConnection connection = new RawConnection(port())) {
        byte[] image = Fixtures.image("red.jpg");
        connection.head(
            "Content-Length: " + image.length,
            header + part.repeat(7000 / part.length()) + "z",
            "Connection: close");
        connection.send(image);
        assertThat(connection.read().status()).as(header).isBetween(200, 499);
      }
      assertThat(since(started)).as(header).isLessThan(Duration.ofSeconds(1));
    }
  }

  /** More of them than there are slots, and than there is memory for. */
  @Test
  void bodiesThatNeverArriveKeepNoOthersWaiting() throws Exception {
    List<Http2Connection> stalled = new ArrayList<>();
    try (RawConnection other = new RawConnection(port())) {
      for (int i = 0; i < 5; i++) {
        Http2Connection connection = new Http2Connection(port(), 1 << 20);
        stalled.add(connection);
        for (int stream = 1; stream < 200; stream += 2) {
          connection.send(Http2Connection.beginPost(stream, "/predict", "image/jpeg"));
        }
        long started = System.nanoTime();
        other.post(Fixtures.image("red.jpg"));
        assertThat(other.read().status()).isEqualTo(200);
        assertThat(since(started)).isLessThan(Duration.ofSeconds(1));
      }
    } finally {
      for (Http2Connection connection : stalled) {
        connection.close();
      }
    }
  }

  /** Clients of HTTP/2 have to end a stream whose response has such a header. */
  @Test
  void theEndOfAConnectionIsNotAnnouncedInHttp2() throws Exception {
    Map<String, String> refused = Map.of("expect", "100-continue", "grpc-timeout", "soon");
    try (Http2Connection connection = new Http2Connection(port(), 1 << 20)) {
      connection.send(Http2Connection.beginPost(1, "/predict", "image/jpeg", refused));
      Http2Connection.Frame frame = connection.read();
      while (frame.type() != Http2Connection.HEADERS) {
        frame = connection.read();
      }
      assertThat(frame.headers().status()).hasToString("400");
      assertThat(frame.headers().contains("connection")).isFalse();
    }
  }

  static Stream<String> endpoints() {
    return ColorsClient.JSON_ENDPOINTS.stream();
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void jsonBeyondTheLimitsIsNoFaultOfTheServer(String path) throws Exception {
    for (String json :
        List.of(
            "{\"x\":" + "[".repeat(1001),
            "[".repeat(1001),
            "{\"x\":" + "{\"a\":".repeat(1001),
            "{\"instances\":" + "[".repeat(1001),
            "{\"instances\":[{\"b64\":" + "[".repeat(1001),
            "{\"inputs\":" + "[".repeat(1001),
            "{\"images\":" + "[".repeat(1001),
            "{\"image\":{\"b64\":" + "[".repeat(1001),
            "{\"top_k\":" + "9".repeat(1001) + "}",
            "{\"x\":" + "9".repeat(1001) + "}",
            "{\"x\":1." + "9".repeat(1001) + "}",
            "{\"parameters\":{\"top_k\":" + "9".repeat(1001) + "}}",
            "{\"instances\":[" + "9".repeat(1001) + "]}",
            "{\"inputs\":[{\"shape\":[" + "9".repeat(1001) + "]}]}",
            "{\"" + "k".repeat(60_000) + "\":1}",
            "{\"parameters\":{\"" + "k".repeat(60_000) + "\":1}}",
            "{\"instances\":[{\"" + "k".repeat(60_000) + "\":1}]}",
            "{\"image\":{\"" + "k".repeat(60_000) + "\":1}}")) {
      HttpResponse<String> answer = client().postJson(path, json);
      String what = path + " " + json.substring(0, 30);
      assertThat(answer.statusCode()).as(what + answer.body()).isEqualTo(400);
      assertThat(answer.body()).as(what).containsAnyOf("detail", "error").doesNotContain("jackson");
    }
  }

  @Test
  void jsonBeyondTheLimitsSaysSo() throws Exception {
    for (String path : List.of("/predictions/colors", "/v1/models/colors:predict")) {
      byte[] json = ("{\"x\":" + "[".repeat(1001)).getBytes(StandardCharsets.UTF_8);
      assertThat(client().post(path, "application/json", json).body()).contains("nested 1000 deep");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | /predict | image/png",
        "x-gzip | /predict | application/octet-stream",
        "deflate | /predict | image/png",
        "raw | /predict | image/png",
        "GZIP | /models/colors | image/png",
        "raw | /predictions/colors | image/png",
        "deflate | /invocations | image/png",
      })
  void anyBodyMayBeCompressed(String coding, String path, String type) throws Exception {
    byte[] packed = packed(coding, Fixtures.image("green.jpg"));
    HttpResponse<String> answer =
        client()
            .post(
                path, type, packed, "Content-Encoding", coding.equals("raw") ? "deflate" : coding);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("green");
  }

  @Test
  void imagesBeyondTheLimitAreNotRead() throws Exception {
    String images = "{\"b64\": \"\"}, ".repeat(8);
    for (String last : List.of("{\"b64\": \"§\"}", "{\"image\": {\"b64\": \"§\"}}")) {
      String json = "{\"instances\": [" + images + last + "]}";
      HttpResponse<String> answer = client().postJson("/v1/models/colors:predict", json);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
      assertThat(answer.body()).contains("more than 8 images");
    }
  }

  @Test
  void compressedBodiesAboutTheRepositoryAreRefusedByTheirCoding() throws Exception {
    HttpResponse<String> answer =
        client()
            .post(
                "/v2/repository/index",
                "application/json",
                new byte[9],
                "Content-Encoding",
                " x-Gzip");

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.body()).contains("\\\"x-Gzip\\\"");
  }

  @Test
  void manyEmptyGzipMembers() throws Exception {
    byte[] member = packed("gzip", new byte[0]);
    byte[] body = new byte[10_000 * member.length];
    for (int i = 0; i < body.length; i += member.length) {
      System.arraycopy(member, 0, body, i, member.length);
    }

    HttpResponse<String> answer =
        client().post("/predict", "image/png", body, "Content-Encoding", "gzip");

    assertThat(answer.statusCode()).isEqualTo(422); // an empty image
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip, gzip", "gzip, deflate", "compress"})
  void otherCodingsAreNamed(String coding) throws Exception {
    for (String path : ColorsClient.INFERENCE_ENDPOINTS) {
      HttpResponse<String> answer =
          client().post(path, "application/json", new byte[100], "Content-Encoding", coding);

      assertThat(answer.statusCode()).as(path).isEqualTo(415);
      assertThat(answer.body()).contains("Content-Encoding", coding);
      assertThat(answer.headers().firstValue("Accept-Encoding")).hasValue("gzip, deflate");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image/jpeg ; a=b",
        "Image/JPEG",
        "IMAGE/JPEG;a=b",
        "image/jpeg;",
        "application/octet-stream \t;charset=utf-8"
      })
  void mediaTypesAreReadInAnySpelling(String type) throws Exception {
    byte[] image = Fixtures.image("red.jpg");
    assertThat(client().post("/predict", type, image).statusCode()).isEqualTo(200);

    String json =
        "{\"image\": {\"b64\": \"%s\"}}".formatted(Base64.getEncoder().encodeToString(image));
    String rest = type.substring(type.indexOf(';') < 0 ? type.length() : type.indexOf(';'));
    assertThat(
            client()
                .post("/predict", "Application/Json " + rest, json.getBytes(StandardCharsets.UTF_8))
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data ; boundary=x",
        "Multipart/Form-Data;Boundary=\"x\"",
        "MULTIPART/FORM-DATA ;BOUNDARY=x ; charset=utf-8"
      })
  void formsAreReadInAnySpelling(String type) throws Exception {
    byte[] form = form("", Fixtures.image("red.jpg"));
    for (String path : List.of("/predict", "/predict/batch", "/predictions/colors")) {
      HttpResponse<String> answer = client().post(path, type, form);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("red");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "multipart/form-data; boundary= | is empty",
        "multipart/form-data | names no boundary",
        "multipart/form-data; boundary=LONG | at most 70",
      })
  void boundariesThatAreNone(String type, String sentence) throws Exception {
    String header = type.replace("LONG", "-".repeat(5000));
    for (String path : List.of("/predict", "/predict/batch", "/predictions/colors")) {
      HttpResponse<String> answer = client().post(path, header, new byte[100_000]);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains(sentence);
    }
  }

  @Test
  void aPartInBase64IsDecoded() throws Exception {
    byte[] form =
        form(
            "\r\nContent-Transfer-Encoding: base64",
            Base64.getMimeEncoder().encode(Fixtures.image("blue.jpg")));

    for (String path : List.of("/predict", "/predict/batch", "/predictions/colors")) {
      assertThat(client().post(path, "multipart/form-data; boundary=x", form).body())
          .contains("blue");
    }
  }

  @Test
  void twoFilesAreForTheBatchEndpoint() throws Exception {
    ByteArrayOutputStream forms = new ByteArrayOutputStream();
    byte[] one = form("", Fixtures.image("red.jpg"));
    forms.write(one, 0, one.length - LAST_LINE.length());
    forms.writeBytes(one);
    HttpResponse<String> answer =
        client().post("/predict", "multipart/form-data; boundary=x", forms.toByteArray());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("/predict/batch");
  }

  static Stream<String> spellingsOfBase64() {
    byte[] image = Fixtures.image("yellow.png");
    String standard = Base64.getEncoder().encodeToString(image);
    return Stream.of(
        standard,
        standard.replace("=", ""),
        Base64.getUrlEncoder().encodeToString(image),
        Base64.getUrlEncoder().withoutPadding().encodeToString(image),
        Base64.getMimeEncoder().encodeToString(image).replace("\r\n", "\\r\\n"),
        Base64.getMimeEncoder().encodeToString(image).replace("\r\n", "\\n"),
        "data:image/png;base64," + standard);
  }

  private static final List<List<String>> BASE64_ENDPOINTS =
      List.of(
          List.of("/predict", "{\"image\": {\"b64\": \"%s\"}}"),
          List.of("/predict/batch", "{\"images\": [{\"b64\": \"%s\"}]}"),
          List.of("/models/colors", "{\"inputs\": \"%s\"}"),
          List.of("/predictions/colors", "{\"data\": \"%s\"}"),
          List.of("/invocations", "{\"body\": \"%s\"}"),
          List.of("/v1/models/colors:predict", "{\"instances\": [{\"b64\": \"%s\"}]}"),
          List.of("/v1/models/colors:predict", "{\"instances\": [{\"image\": {\"b64\": \"%s\"}}]}"),
          List.of(
              "/v2/models/colors/infer",
              "{\"inputs\": [{\"name\": \"pixel_values\", \"datatype\": \"BYTES\", \"shape\": [1],"
                  + " \"data\": [\"%s\"]}]}"));

  @ParameterizedTest
  @MethodSource("spellingsOfBase64")
  void base64IsReadInEverySpelling(String text) throws Exception {
    for (List<String> endpoint : BASE64_ENDPOINTS) {
      String body = endpoint.get(1).formatted(text);
      HttpResponse<String> answer = client().postJson(endpoint.get(0), body);
      assertThat(answer.statusCode()).as(endpoint + answer.body()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"§", "A", "AAAA=", "data:image/png,AAAA", "data:,", "/tmp/a.jpg "})
  void otherTextIsNotValidBase64(String text) throws Exception {
    for (List<String> endpoint : BASE64_ENDPOINTS) {
      String body = endpoint.get(1).formatted(text);
      HttpResponse<String> answer = client().postJson(endpoint.get(0), body);
      assertThat(answer.body()).as(endpoint + text).contains("is not valid base64");
      assertThat(answer.statusCode())
          .isEqualTo(endpoint.get(0).equals("/predict/batch") ? 200 : 400);
    }
  }

  @ParameterizedTest
  @CsvSource({"topk, top_k", "top-k, top_k", "modelname, model", "language, lang"})
  void namesThatAreNearlyRightAreRefusedWithASuggestion(String name, String known)
      throws Exception {
    String json = "{\"image\": {\"b64\": \"AAAA\"}, \"%s\": 1}".formatted(name);
    for (HttpResponse<String> answer :
        List.of(
            client().post("/predict?" + name + "=1", "image/jpeg", Fixtures.image("red.jpg")),
            client().postJson("/predict", json))) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains(name, known);
    }
  }

  @Test
  void boundariesOfDashesTakeLinearTime() throws Exception {
    byte[] dashes = "-".repeat(5_000_000).getBytes(StandardCharsets.US_ASCII);
    byte[] lines = ("-".repeat(71) + "\n").repeat(70_000).getBytes(StandardCharsets.US_ASCII);
    for (byte[] body : List.of(dashes, lines)) {
      long started = System.nanoTime();
      HttpResponse<String> answer =
          client().post("/predict", "multipart/form-data; boundary=" + "-".repeat(70), body);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(since(started)).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void inventedMethodsAndAddressesMakeNoTimeSeries() throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      for (int i = 0; i < 500; i++) {
        String line = i % 2 == 0 ? "INVENTED%d /predict" : "GET /invented%d";
        connection.send(
            (line.formatted(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(connection.read().status()).isBetween(400, 501);
      }
    }
    assertThat(client().get("/q/metrics").body())
        .contains("method=\"OTHER\"")
        .doesNotContainIgnoringCase("invented");
  }

  @Test
  void bodiesThatDoNotArriveKeepNoOneWaiting() throws Exception {
    List<RawConnection> stalled = new ArrayList<>();
    try (RawConnection other = new RawConnection(port())) {
      for (int i = 0; i < 66; i++) {
        stalled.add(new RawConnection(port()));
        stalled.get(i).head("Content-Type: image/jpeg\r\nContent-Length: 5");
      }
      for (int i = 0; i < 3; i++) {
        long started = System.nanoTime();
        int status;
        do {
          other.post(Fixtures.image("red.jpg"));
          status = other.read().status();
        } while (status == 503
            && since(started).toMillis() < 900); // until the bodies count as slow
        assertThat(status).isEqualTo(200);
        assertThat(since(started)).isLessThan(Duration.ofSeconds(1));
      }
    } finally {
      for (RawConnection connection : stalled) {
        connection.reset();
      }
    }
  }

  @AfterEach
  void aGoodImageIsStillAnswered() throws Exception {
    assertThat(client().post("/predict", "image/jpeg", Fixtures.image("red.jpg")).statusCode())
        .isEqualTo(200);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static byte[] form(String headers, byte[] content) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes((PART + headers + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    form.writeBytes(content);
    form.writeBytes(("\r\n" + LAST_LINE).getBytes(StandardCharsets.UTF_8));
    return form.toByteArray();
  }

  private static byte[] packed(String coding, byte[] bytes) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    boolean raw = coding.equals("raw");
    try (OutputStream out =
        coding.toLowerCase(java.util.Locale.ROOT).endsWith("gzip")
            ? new GZIPOutputStream(packed)
            : new DeflaterOutputStream(packed, new Deflater(6, raw))) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
