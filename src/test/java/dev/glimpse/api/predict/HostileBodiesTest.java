package dev.glimpse.api.predict;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.Mutation;
import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies gone bad on their way, or by intent: no fault of ours, and an answer that can be read. */
@QuarkusTest
@TestProfile(ColorModels.class)
class HostileBodiesTest {

  private static final int CASES = 100;
  private static final long SEED = 20_240_601;

  private static final List<String> PICTURES =
      List.of("red.jpg", "scene.png", "still.gif", "picture.bmp", "picture.webp", "picture.tif");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** What is mutated, and how the rest looks. */
  enum Body {
    RAW("application/octet-stream"),
    FILE_IN_FORM("multipart/form-data; boundary=frontier"),
    FORM("multipart/form-data; boundary=frontier"),
    JSON("application/json");

    private final String contentType;

    Body(String contentType) {
      this.contentType = contentType;
    }

    private byte[] mutant(byte[] picture, byte[] other, SplittableRandom random) {
      Mutation[] all = Mutation.values();
      Mutation mutation = all[random.nextInt(all.length)];
      return switch (this) {
        case RAW -> mutation.apply(picture, other, random);
        case FILE_IN_FORM -> form(mutation.apply(picture, other, random));
        case FORM ->
            mutation.apply(form("not much".getBytes(StandardCharsets.UTF_8)), other, random);
        case JSON -> mutation.apply(json(Fixtures.image("one-pixel.png")), json(other), random);
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Body.class)
  void everyMutantGetsAnAnswerThatBlamesTheClient(Body body) throws Exception {
    for (int number = 0; number < CASES; number++) {
      SplittableRandom random = new SplittableRandom(SEED + number);
      String name = PICTURES.get(random.nextInt(PICTURES.size()));
      byte[] other = Fixtures.image(PICTURES.get(random.nextInt(PICTURES.size())));
      byte[] mutant = body.mutant(Fixtures.image(name), other, random);

      HttpResponse<String> answer = post(body.contentType, mutant);

      String what = "%s, seed %d, case %d, %s".formatted(body, SEED, number, name);
      assertThat(answer.statusCode()).as(what).isIn(200, 400, 413, 415, 422);
      assertThat(answer.headers().firstValue("Content-Type").orElse("none"))
          .as(what)
          .startsWith(answer.statusCode() == 200 ? "application/json" : "application/problem+json");
    }
  }

  @AfterEach
  void aGoodPictureIsStillAnswered() {
    given()
        .contentType("image/jpeg")
        .body(Fixtures.image("red.jpg"))
        .post("/predict")
        .then()
        .statusCode(200);
  }

  private HttpResponse<String> post(String contentType, byte[] body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/predict"))
            .timeout(Duration.ofSeconds(5))
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] form(byte[] picture) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        """
        --frontier\r
        Content-Disposition: form-data; name="top_k"\r
        \r
        2\r
        --frontier\r
        Content-Disposition: form-data; name="file"; filename="a.png"\r
        Content-Type: image/png\r
        \r
        """
            .getBytes(StandardCharsets.UTF_8));
    out.writeBytes(picture);
    out.writeBytes("\r\n--frontier--\r\n".getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static byte[] json(byte[] picture) {
    String text = Base64.getEncoder().encodeToString(picture);
    return "{\"image\": {\"b64\": \"%s\"}, \"top_k\": 2, \"lang\": \"en\"}"
        .formatted(text)
        .getBytes(StandardCharsets.UTF_8);
  }
}
