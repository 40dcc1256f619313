package dev.glimpse.api.problem;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.failure.Failure;
import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(ColorModels.class)
class EveryFailureIsAProblemTest {

  private static final String BOUNDARY = "multipart/form-data; boundary=x";

  static Stream<Arguments> requests() {
    return Stream.of(
        row("an address that is none", 404, r -> r.get("/nothing/here")),
        row("an address below one", 404, r -> r.get("/predict/more")),
        row("an address of the platform that is none", 404, r -> r.get("/q/nothing")),
        row("a method that is not for it", 405, r -> r.get("/predict")),
        row("another", 405, r -> r.delete("/health")),
        row(
            "an answer that we do not make",
            406,
            r -> r.accept("text/html").contentType("image/png").body(red()).post("/predict")),
        row(
            "a kind of body that we do not read",
            415,
            r -> r.contentType("text/plain").body("red").post("/predict")),
        row(
            "a content type that is none",
            415,
            r -> r.contentType("image").body(red()).post("/predict")),
        row("an empty body", 422, r -> r.contentType("image/png").post("/predict")),
        row("JSON cut off", 400, json("{\"image\": {\"b64\"")),
        row("JSON that is no object", 400, json("[1, 2]")),
        row("JSON null", 400, json("null")),
        row("JSON with nothing in it", 400, json("")),
        row("JSON without a picture", 400, json("{}"), "image"),
        row("JSON with half a picture", 400, json("{\"image\": {}}"), "b64"),
        row("not base64", 400, json("{\"image\": {\"b64\": \"§\"}}"), "image.b64"),
        row("a mistyped key", 400, json("{\"topk\": 1}"), "topk"),
        row(
            "a picture by URL",
            400,
            json("{\"image\": {\"url\": \"https://a.b/c\"}}"),
            "image.url"),
        row(
            "the wrong type in JSON",
            400,
            json("{\"image\": {\"b64\": \"AA==\"}, \"top_k\": [1]}"),
            "top_k"),
        row(
            "half a number in JSON",
            400,
            json("{\"image\": {\"b64\": \"AA==\"}, \"top_k\": 1.5}"),
            "top_k"),
        row("a form without boundary", 400, body("multipart/form-data", "file")),
        row("a form that is none", 400, body(BOUNDARY, "no form at all")),
        row(
            "a form cut off",
            400,
            body(BOUNDARY, "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc")),
        row(
            "a form whose part has half a name",
            400,
            body(BOUNDARY, "--x\r\nContent-Disposition: form-data; name\r\n\r\nabc\r\n--x--")),
        row("a form without a file", 400, r -> r.multiPart("top_k", "1").post("/predict"), "file"),
        row(
            "a form with a bad parameter",
            400,
            r -> r.multiPart("file", "a", red()).multiPart("top_k", "0").post("/predict"),
            "top_k"),
        row("top_k=0", 400, query("top_k", "0"), "top_k"),
        row("top_k=-1", 400, query("top_k", "-1"), "top_k"),
        row("top_k=7 of 6 classes", 400, query("top_k", "7"), "top_k"),
        row("top_k=many", 400, query("top_k", "many"), "top_k"),
        row("top_k=99999999999", 400, query("top_k", "99999999999"), "top_k"),
        row("lang=xx", 400, query("lang", "xx"), "lang"),
        row("lang=!", 400, query("lang", "!"), "lang"),
        row("model=../secret", 400, query("model", "../secret"), "model"),
        row("version=0", 400, query("version", "0"), "version"),
        row("version=latest", 400, query("version", "latest"), "version"),
        row("no such model", 404, query("model", "nothing")),
        row("no such version", 404, query("version", "9")),
        row(
            "a body that is too large",
            413,
            r -> r.contentType("image/png").body(new byte[33 << 20]).post("/predict")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void requestsThatFail(
      String what, int status, Function<RequestSpecification, Response> request, String field) {
    Problem problem = problem(request.apply(given()), status);

    if (field == null) {
      assertThat(problem.violations()).isNull();
    } else {
      assertThat(problem.violations()).extracting(Problem.Violation::field).containsExactly(field);
      assertThat(problem.detail()).contains(field);
    }
  }

  static List<Map<String, String>> badPictures() {
    return Fixtures.images().stream().filter(row -> !row.get("status").equals("200")).toList();
  }

  @ParameterizedTest
  @MethodSource("badPictures")
  void picturesThatFail(Map<String, String> row) {
    int status = Integer.parseInt(row.get("status"));
    byte[] picture = Fixtures.image(row.get("image"));

    problem(given().contentType("image/jpeg").body(picture).post("/predict"), status);
    problem(given().multiPart("file", "a.jpg", picture).post("/predict"), status);
  }

  @Test
  void everyViolationIsNamed() {
    Problem problem =
        problem(
            given()
                .queryParam("top_k", "x")
                .queryParam("lang", "?")
                .contentType("image/png")
                .body(red())
                .post("/predict"),
            400);

    assertThat(problem.violations())
        .extracting(Problem.Violation::field)
        .containsExactly("lang", "top_k");
  }

  @Test
  void aMethodThatIsNotForItSaysWhichOnesAre() {
    assertThat(given().get("/predict").header("Allow")).contains("POST");
    assertThat(given().delete("/health").header("Allow")).contains("GET");
    assertThat(given().delete("/models/a").header("Allow")).contains("GET", "POST");
    assertThat(given().get("/predictions/a").header("Allow")).contains("POST", "PUT");
  }

  @Test
  void whatIsAcceptedIsSaid() {
    byte[] jxl = Fixtures.image("jpegxl.jxl");
    assertThat(problem(given().contentType("image/jxl").body(jxl).post("/predict"), 415).detail())
        .contains("no image format", "JPEG", "PNG");
  }

  /** A connection is fit for the next request, whatever was wrong with the last one. */
  @Test
  void theConnectionSurvives() throws Exception {
    try (var socket = new java.net.Socket("localhost", io.restassured.RestAssured.port)) {
      socket.setSoTimeout(10_000);
      var out = socket.getOutputStream();
      var in = new java.io.BufferedInputStream(socket.getInputStream());
      for (String path : List.of("/nothing", "/predict?top_k=0", "/predict")) {
        byte[] body = new byte[1 << 20];
        out.write(
            ("POST "
                    + path
                    + " HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: "
                    + body.length
                    + "\r\n\r\n")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        out.write(body);
        assertThat(answer(in)).contains("problem+json");
      }
    }
  }

  private static String answer(java.io.InputStream in) throws java.io.IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      assertThat(b).as("the connection was closed after: " + head).isNotNegative();
      head.append((char) b);
    }
    var length =
        java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(head.toString());
    assertThat(length.find()).isTrue();
    in.readNBytes(Integer.parseInt(length.group(1)));
    return head.toString();
  }

  /** What is true of every problem. */
  private static Problem problem(Response response, int status) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    assertThat(response.contentType()).isEqualTo(Problem.MEDIA_TYPE);
    Problem problem = response.as(Problem.class);
    assertThat(problem.status()).isEqualTo(status);
    assertThat(problem.id()).isNotEmpty().isEqualTo(response.header("X-Request-ID"));
    assertThat(Stream.of(Failure.values()))
        .anyMatch(f ->
            f.status() == status
                && f.title().equals(problem.title())
                && problem.type().endsWith(f.code()));
    assertThat(problem.detail()).isNotEmpty();
    assertThat(response.asString())
        .doesNotContain("Exception", "dev.glimpse", "java", "io.netty", "\\tat ", "/models");
    return problem;
  }

  private static Arguments row(
      String what, int status, Function<RequestSpecification, Response> request) {
    return row(what, status, request, null);
  }

  private static Arguments row(
      String what, int status, Function<RequestSpecification, Response> request, String field) {
    return Arguments.of(what, status, request, field);
  }

  private static Function<RequestSpecification, Response> json(String body) {
    return body("application/json", body);
  }

  private static Function<RequestSpecification, Response> body(String type, String body) {
    byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return r -> r.header("Content-Type", type).body(bytes).post("/predict");
  }

  private static Function<RequestSpecification, Response> query(String name, String value) {
    return r -> r.queryParam(name, value).contentType("image/png").body(red()).post("/predict");
  }

  private static byte[] red() {
    return Fixtures.image("red.jpg");
  }
}
