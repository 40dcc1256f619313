package dev.glimpse.api.predict;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glimpse.api.predict.PredictResponse.Prediction;
import dev.glimpse.image.HostileImages;
import dev.glimpse.image.jpeg.JpegCodec;
import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(ColorModels.class)
class PredictResourceTest {

  private static final List<String> COLORS =
      List.of("red", "green", "blue", "yellow", "black", "white");

  @Test
  void rawBytes() {
    PredictResponse answer =
        predict(given().contentType("image/jpeg").body(Fixtures.image("red.jpg")));

    assertThat(answer.model()).isEqualTo("colors");
    assertThat(answer.version()).isEqualTo("2");
    assertThat(answer.predictions()).hasSize(5); // the default, of six classes
    assertThat(answer.predictions().get(0).label()).isEqualTo("red");
    assertThat(answer.predictions().get(0).index()).isZero();
    assertThat(answer.predictions())
        .isSortedAccordingTo((a, b) -> Float.compare(b.score(), a.score()));
  }

  @Test
  void everyKindOfBodyGetsTheSameAnswer() {
    byte[] picture = Fixtures.image("yellow.png");
    List<Prediction> raw =
        predict(
                given()
                    .contentType("application/octet-stream")
                    .queryParam("top_k", 2)
                    .queryParam("lang", "zh")
                    .queryParam("version", 1)
                    .body(picture))
            .predictions();
    List<Prediction> form =
        predict(
                given()
                    .multiPart("file", "a.png", picture, "image/png")
                    .multiPart("top_k", "2")
                    .multiPart("lang", "zh")
                    .multiPart("version", "1"))
            .predictions();
    List<Prediction> formAndQuery =
        predict(
                given()
                    .multiPart("file", "a.png", picture)
                    .queryParam("top_k", 2)
                    .queryParam("lang", "zh")
                    .queryParam("version", 1))
            .predictions();
    List<Prediction> json =
        predict(
                given()
                    .contentType("application/json")
                    .body(
                        Map.of(
                            "image",
                            Map.of("b64", Base64.getEncoder().encodeToString(picture)),
                            "top_k",
                            2,
                            "lang",
                            "zh",
                            "version",
                            "1")))
            .predictions();

    assertThat(raw).extracting(Prediction::label).startsWith("黄").hasSize(2);
    assertThat(form).isEqualTo(raw);
    assertThat(formAndQuery).isEqualTo(raw);
    assertThat(json).isEqualTo(raw);
  }

  /** The first page is mostly red, the fourth mostly blue. */
  @Test
  void everyKindOfBodySaysThePage() {
    byte[] file = Fixtures.bytes(Fixtures.TIFF_PAGES);
    String base64 = Base64.getEncoder().encodeToString(file);
    List<RequestSpecification> requests =
        List.of(
            given().contentType("image/tiff").queryParam("page", 3).body(file),
            given().multiPart("file", "a.tif", file).multiPart("page", "3"),
            given().multiPart("file", "a.tif", file).queryParam("page", 3),
            given()
                .contentType("application/json")
                .body(Map.of("image", Map.of("b64", base64), "page", 3)));

    assertThat(predict(given().contentType("image/tiff").body(file)).predictions().get(0).label())
        .isEqualTo("red");
    assertThat(requests)
        .allSatisfy(
            request -> assertThat(predict(request).predictions().get(0).label()).isEqualTo("blue"));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 'must be from 0 to 3, as the TIFF image has 4 pages'",
    "-1, 'must be a whole number from 0, the first page, up to 999999'",
    "x, 'must be a whole number from 0, the first page, up to 999999'"
  })
  void aPageThatIsNotThereIsAWrongParameter(String page, String message) {
    var response =
        given()
            .contentType("image/tiff")
            .queryParam("page", page)
            .body(Fixtures.bytes(Fixtures.TIFF_PAGES))
            .post("/predict");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.jsonPath().getString("violations[0].field")).isEqualTo("page");
    assertThat(response.jsonPath().getString("violations[0].message")).isEqualTo(message);
  }

  @Test
  void aPhotoOf50MegapixelsIsAnsweredByDefault() {
    assumeTrue(
        new JpegCodec(true).implementation().startsWith("TurboJPEG"),
        "libjpeg-turbo (libturbojpeg0) is not installed");
    PredictResponse answer =
        predict(given().contentType("image/jpeg").body(HostileImages.photo(8192, 6144)));

    assertThat(answer.predictions()).isNotEmpty();
  }

  private static PredictResponse yellow(Map<String, String> query) {
    return predict(
        given().contentType("image/png").queryParams(query).body(Fixtures.image("yellow.png")));
  }

  @Test
  void aThresholdMakesAnAnswerUncertain() {
    float score = yellow(Map.of()).predictions().get(0).score();

    assertThat(yellow(Map.of()).uncertain()).isFalse();
    assertThat(yellow(Map.of("threshold", "" + (score - 0.001))).uncertain()).isFalse();
    PredictResponse uncertain = yellow(Map.of("threshold", "1", "top_k", "1", "labels", "red"));
    assertThat(uncertain.uncertain()).isTrue();
    assertThat(uncertain.uncertainReason()).isEqualTo("low_score");
  }

  @Test
  void onlyTheseLabelsAreReturned() {
    List<Prediction> all = yellow(Map.of("top_k", "6")).predictions();
    Prediction red =
        all.stream().filter(one -> one.label().equals("red")).findFirst().orElseThrow();
    Prediction blue =
        all.stream().filter(one -> one.label().equals("blue")).findFirst().orElseThrow();

    assertThat(yellow(Map.of("labels", "red, " + blue.index())).predictions())
        .containsExactlyInAnyOrder(red, blue);
    List<Prediction> renormalized =
        yellow(Map.of("labels", "red,blue", "renormalize", "true")).predictions();
    assertThat(renormalized.get(0).score() + renormalized.get(1).score())
        .isCloseTo(1, within(1e-6f));
    assertThat(renormalized.get(0).score() / renormalized.get(1).score())
        .isCloseTo(
            Math.max(red.score(), blue.score()) / Math.min(red.score(), blue.score()),
            withinPercentage(0.1));
  }

  @ParameterizedTest
  @CsvSource({
    "threshold, 1.5, must be a number from 0 to 1",
    "threshold, x, must be a number from 0 to 1",
    "renormalize, yes, must be true or false",
    "renormalize, true, must come with labels",
    "labels, 'red,,blue', 'must be up to 1000 labels or indices of classes, separated by commas'",
    "labels, cat, 'must name classes of \"colors\" by label or index; \"cat\" matches no class, or several'"
  })
  void wrongScoreParametersAreRefused(String name, String value, String message) {
    var response =
        given()
            .contentType("image/png")
            .queryParam(name, value)
            .body(Fixtures.image("yellow.png"))
            .post("/predict");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.jsonPath().getString("violations[0].field")).isEqualTo(name);
    assertThat(response.jsonPath().getString("violations[0].message")).isEqualTo(message);
  }

  @Test
  void topKIsAtMostTheNumberOfLabels() {
    var response =
        given()
            .contentType("image/png")
            .queryParam("labels", "red,blue")
            .queryParam("top_k", 3)
            .body(Fixtures.image("yellow.png"))
            .post("/predict");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.asString()).contains("must be from 1 to 2, the number of labels");
  }

  @Test
  void whatTheFormSaysComesBeforeWhatTheQuerySays() {
    PredictResponse answer =
        predict(
            given()
                .queryParam("top_k", 5)
                .queryParam("model", "colors-sigmoid")
                .multiPart("file", "a.png", Fixtures.image("white.png"))
                .multiPart("top_k", "1"));

    assertThat(answer.predictions()).hasSize(1);
    assertThat(answer.model()).isEqualTo("colors-sigmoid");
  }

  @Test
  void aFieldThatWasLeftEmptyIsLeftOut() {
    PredictResponse answer =
        predict(
            given()
                .multiPart("file", "a.png", Fixtures.image("white.png"))
                .multiPart("top_k", "")
                .multiPart("model", "")
                .queryParam("lang", ""));

    assertThat(answer.model()).isEqualTo("colors");
    assertThat(answer.predictions()).hasSize(5);
  }

  @Test
  void aBodyWithoutContentTypeIsAPicture() throws Exception {
    // What `curl -T picture` sends; REST Assured always adds a type.
    var request =
        java.net.http.HttpRequest.newBuilder(
                java.net.URI.create(
                    "http://localhost:" + io.restassured.RestAssured.port + "/predict"))
            .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(Fixtures.image("blue.jpg")))
            .build();
    var response =
        java.net.http.HttpClient.newHttpClient()
            .send(request, java.net.http.HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"label\":\"blue\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zh-CN,zh;q=0.9,en;q=0.8 | 绿",
        "en-US,zh;q=0.5 | green",
        "fr | green",
        "'' | green",
        ";;; | green",
        "-, zh_CN;q=0.1 | 绿",
      })
  void labelsInTheReadersLanguage(String acceptLanguage, String label) {
    assertThat(
            predict(
                    given()
                        .header("Accept-Language", acceptLanguage)
                        .contentType("image/jpeg")
                        .body(Fixtures.image("green.jpg")))
                .predictions()
                .get(0)
                .label())
        .isEqualTo(label);
  }

  @Test
  void aTranslatedLabelHasTheModelsOwnBesideIt() {
    var response =
        given()
            .header("Accept-Language", "zh-CN, en;q=0.5")
            .contentType("image/jpeg")
            .body(Fixtures.image("green.jpg"))
            .post("/predict");

    assertThat(response.header("Content-Language")).isEqualTo("zh");
    assertThat(response.header("Vary")).isEqualTo("Accept-Language");
    assertThat(response.jsonPath().getString("predictions[0].label")).isEqualTo("绿");
    assertThat(response.jsonPath().getString("predictions[0].name")).isEqualTo("green");
  }

  @Test
  void theModelsOwnLabelIsNotRepeated() {
    var response =
        given().contentType("image/jpeg").body(Fixtures.image("green.jpg")).post("/predict");

    assertThat(response.header("Content-Language")).isEqualTo("en");
    assertThat(response.header("Vary")).isEqualTo("Accept-Language");
    assertThat(response.jsonPath().getMap("predictions[0]"))
        .containsEntry("label", "green")
        .doesNotContainKey("name");
  }

  @Test
  void aBatchSaysItsLanguageToo() {
    var response =
        given()
            .multiPart("file", "a.png", new byte[] {1})
            .multiPart("file", "b.jpg", Fixtures.image("green.jpg"))
            .multiPart("lang", "zh")
            .post("/predict/batch");

    assertThat(response.header("Content-Language")).isEqualTo("zh");
    assertThat(response.jsonPath().getString("results[1].predictions[0].label")).isEqualTo("绿");
    assertThat(response.jsonPath().getString("results[1].predictions[0].name")).isEqualTo("green");
  }

  @ParameterizedTest
  @CsvSource({"topk, top_k", "top-k, top_k", "modelname, model", "language, lang"})
  void aParameterThatIsNearlyRightIsRefused(String name, String known) {
    for (String path : List.of("/predict", "/predict/batch")) {
      var query = given().contentType("application/json").body("{}").queryParam(name, "1");
      var form =
          given().multiPart("file", "a.jpg", Fixtures.image("green.jpg")).multiPart(name, "1");
      for (RequestSpecification request : List.of(query, form)) {
        var response = request.post(path);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.jsonPath().getString("violations[0].field")).isEqualTo(name);
        assertThat(response.jsonPath().getString("detail")).contains("did you mean \"" + known);
      }
    }
  }

  @Test
  void otherParametersAreIgnored() {
    predict(
        given()
            .queryParam("utm_source", "a")
            .queryParam("trace", "1")
            .multiPart("file", "a.jpg", Fixtures.image("green.jpg"))
            .multiPart("submit", "Send"));
  }

  @Test
  void theAskedLanguageComesBeforeTheReaders() {
    assertThat(
            predict(
                    given()
                        .header("Accept-Language", "zh")
                        .queryParam("lang", "en")
                        .contentType("image/jpeg")
                        .body(Fixtures.image("green.jpg")))
                .predictions()
                .get(0)
                .label())
        .isEqualTo("green");
  }

  @Test
  void aRequestIdComesBack() {
    var response =
        given()
            .header("X-Request-ID", "order-66:a.b_c/1")
            .contentType("image/png")
            .body(Fixtures.image("black.png"))
            .post("/predict");

    assertThat(response.header("X-Request-ID")).isEqualTo("order-66:a.b_c/1");
    assertThat(response.as(PredictResponse.class).id()).isEqualTo("order-66:a.b_c/1");
  }

  @ParameterizedTest
  @CsvSource({"with space", "curly{brace", "''", "ünïcode"})
  void aRequestIdThatIsNotWellFormedIsReplaced(String id) {
    var response =
        given()
            .header("X-Request-ID", id)
            .contentType("image/png")
            .body(Fixtures.image("black.png"))
            .post("/predict");

    assertThat(response.header("X-Request-ID")).matches("[0-9a-f-]{36}");
    assertThat(response.as(PredictResponse.class).id()).isEqualTo(response.header("X-Request-ID"));
  }

  @Test
  void theTimesAreThoseOfThisRequest() {
    long started = System.nanoTime();
    PredictResponse.Timing timing =
        predict(given().contentType("image/jpeg").body(Fixtures.image("red.jpg"))).timing();
    double elapsed = (System.nanoTime() - started) / 1e6;

    assertThat(timing.totalMs()).isPositive().isLessThan(elapsed);
    assertThat(timing.decodeMs()).isPositive();
    assertThat(timing.inferenceMs()).isPositive();
    assertThat(timing.queueMs() + timing.decodeMs() + timing.preprocessMs() + timing.inferenceMs())
        .isLessThanOrEqualTo(timing.totalMs() + 0.01);
  }

  static List<Map<String, String>> golden() {
    return Fixtures.table("golden/predictions.tsv");
  }

  /** The tolerances are those of src/test/golden/README.md. */
  @ParameterizedTest
  @MethodSource("golden")
  void everyScoreIsTheReferences(Map<String, String> row) {
    String image = row.get("image");
    PredictResponse answer =
        predict(
            given()
                .queryParam("model", row.get("model"))
                .queryParam("version", row.get("version"))
                .queryParam("top_k", COLORS.size())
                .contentType("image/*")
                .body(Fixtures.image(image)));

    boolean lossy = image.endsWith(".jpg") || image.equals("picture.webp");
    double tolerance = image.startsWith("orientation-") ? 0.005 : lossy ? 0.02 : 0.001;
    assertThat(answer.predictions()).hasSize(COLORS.size());
    for (Prediction prediction : answer.predictions()) {
      assertThat(prediction.label()).isEqualTo(COLORS.get(prediction.index()));
      assertThat((double) prediction.score())
          .as(prediction.label())
          .isCloseTo(Double.parseDouble(row.get(prediction.label())), within(tolerance));
    }
  }

  private static PredictResponse predict(RequestSpecification request) {
    return request
        .post("/predict")
        .then()
        .statusCode(200)
        .contentType("application/json")
        .extract()
        .as(PredictResponse.class);
  }
}
