package dev.glimpse.api.explain;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ColorModels.class)
class ExplainResourceTest {

  private static final byte[] SIGNPOST = Fixtures.image("orientation-1.jpg");

  @Test
  void theMapOfTheBestClass() throws Exception {
    JsonNode answer = json(image("daisy.jpg"));
    JsonNode predicted = json(post("/predict", raw(Fixtures.image("daisy.jpg"))));

    assertThat(answer.get("model").asText()).isEqualTo("colors");
    assertThat(answer.get("version").asText()).isEqualTo("2");
    assertThat(answer.get("method").asText()).isEqualTo("cam");
    assertThat(answer.get("runs").asInt()).isEqualTo(1);
    JsonNode best = predicted.at("/predictions/0");
    assertThat(answer.get("explained").get("label")).isEqualTo(best.get("label"));
    assertThat(answer.get("explained").get("index")).isEqualTo(best.get("index"));
    assertThat(answer.get("explained").get("score").floatValue())
        .isCloseTo(best.get("score").floatValue(), within(1e-6f));
    int width = answer.at("/map/width").asInt();
    int height = answer.at("/map/height").asInt();
    assertThat(answer.at("/map/values")).hasSize(width * height);
    assertThat(answer.at("/timing/total_ms").asDouble()).isPositive();
  }

  /** Blue is at the top left, green on the right, white at the bottom. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void mapsAreUpright(int orientation) throws Exception {
    byte[] image = Fixtures.image("orientation-" + orientation + ".jpg");

    double[] blue = centre(json(post("/explain?class=blue", raw(image))));
    double[] green = centre(json(post("/explain?class=green", raw(image))));
    double[] white = centre(json(post("/explain?class=white", raw(image))));

    assertThat(blue[0]).isLessThan(green[0]);
    assertThat(blue[1]).isLessThan(white[1]);
    assertThat(green[1]).isLessThan(white[1]);
  }

  /** The place of the hottest tenth of the map, as fractions of the image. */
  private static double[] centre(JsonNode answer) {
    JsonNode values = answer.at("/map/values");
    int width = answer.at("/map/width").asInt();
    int height = answer.at("/map/height").asInt();
    double[] sorted = values.valueStream().mapToDouble(JsonNode::asDouble).sorted().toArray();
    double hot = sorted[sorted.length - sorted.length / 10];
    double x = 0;
    double y = 0;
    int count = 0;
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i).asDouble() >= hot) {
        x += (i % width + 0.5) / width;
        y += (i / width + 0.5) / height;
        count++;
      }
    }
    JsonNode window = answer.get("window");
    double left = window.get("left").asDouble();
    double top = window.get("top").asDouble();
    return new double[] {
      left + x / count * (window.get("right").asDouble() - left),
      top + y / count * (window.get("bottom").asDouble() - top)
    };
  }

  /** 96×64 scaled to 54×36, of which the model sees 32×32. */
  @Test
  void theWindowIsThatOfTheCrop() throws Exception {
    JsonNode window = json(post("/explain", raw(SIGNPOST))).get("window");

    assertThat(window.get("left").asDouble()).isCloseTo(11 / 54.0, within(1e-9));
    assertThat(window.get("right").asDouble()).isCloseTo(43 / 54.0, within(1e-9));
    assertThat(window.get("top").asDouble()).isCloseTo(2 / 36.0, within(1e-9));
    assertThat(window.get("bottom").asDouble()).isCloseTo(34 / 36.0, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"orientation-1.jpg, 512, 341", "orientation-6.jpg, 512, 341", "tall.png, 7, 512"})
  void thePngHasTheImagesProportions(String name, int width, int height) throws Exception {
    BufferedImage png = png(post("/explain?format=png", raw(Fixtures.image(name))));

    assertThat(List.of(png.getWidth(), png.getHeight())).containsExactly(width, height);
  }

  @Test
  void thePngIsOfTheSizeThatIsAskedFor() throws Exception {
    BufferedImage png = png(post("/explain?format=png&size=96", raw(SIGNPOST)));

    assertThat(List.of(png.getWidth(), png.getHeight())).containsExactly(96, 64);
    assertThat(brightness(png, 3, 56)) // white, but outside of what the model sees
        .isLessThan(brightness(png, 48, 56));
  }

  private static int brightness(BufferedImage image, int x, int y) {
    int rgb = image.getRGB(x, y);
    return (rgb >> 16 & 0xFF) + (rgb >> 8 & 0xFF) + (rgb & 0xFF);
  }

  @Test
  void everyKindOfBodyGetsTheSameMap() throws Exception {
    JsonNode raw = json(post("/explain?class=蓝&lang=zh", raw(SIGNPOST))).get("map");
    JsonNode form =
        json(post(
                "/explain",
                given()
                    .multiPart("file", "a.jpg", SIGNPOST, "image/jpeg")
                    .multiPart("class", "blue")
                    .multiPart("lang", "zh")))
            .get("map");
    JsonNode body =
        json(post(
                "/explain",
                given()
                    .contentType("application/json")
                    .body(
                        Map.of(
                            "image",
                            Map.of("b64", Base64.getEncoder().encodeToString(SIGNPOST)),
                            "class",
                            2))))
            .get("map");

    assertThat(form).isEqualTo(raw);
    assertThat(body).isEqualTo(raw);
  }

  @ParameterizedTest
  @CsvSource({
    "image/png, '', image/png",
    "'image/png, */*;q=0.5', '', image/png",
    "image/*, '', image/png",
    "*/*, '', application/json",
    "'application/json, image/png', '', application/json",
    "'application/json, image/png', ?format=png, image/png",
    "'image/png, */*;q=0.5', ?format=json, application/json",
  })
  void withoutAFormatTheAcceptHeaderChooses(String accept, String query, String type) {
    Response answer = post("/explain" + query, raw(SIGNPOST).header("Accept", accept));

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    assertThat(answer.contentType()).startsWith(type);
    assertThat(answer.headers().getValues("Vary")).contains("Accept");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, png, does not accept image/png",
    "image/png, json, does not accept application/json",
    "text/html, png, Answers are application/json or image/png",
  })
  void aFormatThatIsNotAcceptedIsRefused(String accept, String format, String words) {
    Response answer = post("/explain?format=" + format, raw(SIGNPOST).header("Accept", accept));

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(406);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.jsonPath().getString("detail")).contains(words);
  }

  @ParameterizedTest
  @CsvSource({
    "class=purple, class must be a label of",
    "class=6, an index from 0 to 5",
    "class=99999999999999999999, an index from 0 to 5",
    "class=-1, an index from 0 to 5",
    "method=gradients, 'must be auto, cam, occlusion or rise'",
    "format=gif, must be json or png",
    "size=2000, must be a whole number from 64 to 1024",
    "size=63, must be a whole number from 64 to 1024",
    "clas=red, 'did you mean \"class\"?'",
  })
  void whatIsWrongIsSaidInWords(String query, String words) {
    Response answer = post("/explain?" + query, raw(SIGNPOST));

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.jsonPath().getString("detail")).contains(words);
  }

  @Test
  void aLongLabelIsRefused() {
    Response answer = post("/explain?class=" + "x".repeat(257), raw(SIGNPOST));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.jsonPath().getString("detail")).contains("at most 256 characters");
  }

  @Test
  void noImageIsNoExplanation() {
    assertThat(post("/explain", raw(new byte[] {1, 2, 3})).statusCode()).isEqualTo(415);
    assertThat(post("/explain?model=nothing", raw(SIGNPOST)).statusCode()).isEqualTo(404);
  }

  private static Response image(String name) {
    return post("/explain", raw(Fixtures.image(name)));
  }

  private static RequestSpecification raw(byte[] image) {
    return given().contentType("application/octet-stream").body(image);
  }

  private static Response post(String path, RequestSpecification request) {
    return request.urlEncodingEnabled(true).post(path);
  }

  private static JsonNode json(Response response) throws Exception {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    assertThat(response.contentType()).startsWith("application/json");
    return new ObjectMapper().readTree(response.asByteArray());
  }

  private static BufferedImage png(Response response) throws Exception {
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.contentType()).isEqualTo("image/png");
    return ImageIO.read(new ByteArrayInputStream(response.asByteArray()));
  }
}
