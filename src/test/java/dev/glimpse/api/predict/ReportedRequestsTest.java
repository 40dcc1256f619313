package dev.glimpse.api.predict;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glimpse.image.jpeg.JpegCodec;
import dev.glimpse.support.ColorModels;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of the kinds that users have reported. */
@QuarkusTest
@TestProfile(ColorModels.class)
class ReportedRequestsTest {

  @Test
  @EnabledIfExternalData("cases/pictures")
  void photoOf50MegapixelsIsAnswered() {
    assumeTrue(
        new JpegCodec(true).implementation().startsWith("TurboJPEG"),
        "libjpeg-turbo (libturbojpeg0) is not installed");
    assertThat(post("image/jpeg", picture("50mp-8192x6144.jpg")).statusCode()).isEqualTo(200);
  }

  @Test
  @EnabledIfExternalData("cases/pictures")
  void applesVariantOfPngIsNamed() {
    Response response = post("image/png", picture("cgbi.png"));
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.jsonPath().getString("detail")).contains("Apple's variant of PNG");
  }

  /** As {@code curl --http2} sends it. */
  @Test
  @EnabledIfExternalData("cases/pictures")
  void imageWithAnUpgradeIsAnswered() throws Exception {
    try (RawConnection connection = new RawConnection(RestAssured.port)) {
      connection.post(
          picture("n600.png"),
          "Connection: Upgrade, HTTP2-Settings",
          "Upgrade: h2c",
          "HTTP2-Settings: AAMAAABkAAQAAP__");
      assertThat(connection.read().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnabledIfExternalData("cases/pictures")
  @ValueSource(strings = {"heic.jpg", "avif.jpg"})
  void misnamedImageIsAnsweredOrItsLibraryIsNamed(String file) {
    requireAnsweredOrNamed(post("image/jpeg", picture(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"heic/420.heic", "avif/odd.avif"})
  void misnamedFileOfOursIsAnsweredOrItsLibraryIsNamed(String file) {
    byte[] image = Fixtures.bytes(Fixtures.RESOURCES.resolve("images-heif").resolve(file));
    requireAnsweredOrNamed(post("image/jpeg", image));
    requireAnsweredOrNamed(
        given().multiPart("file", "photo.jpg", image, "image/jpeg").post("/predict"));
  }

  private static void requireAnsweredOrNamed(Response response) {
    if (response.statusCode() == 415) {
      assertThat(response.jsonPath().getString("detail")).contains("libheif");
    } else {
      assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    }
  }

  @Test
  @EnabledIfExternalData("cases/cte-base64.multipart")
  void partInBase64IsDecoded() {
    byte[] form = Fixtures.bytes(Fixtures.asset("cases/cte-base64.multipart"));
    Response response = post("multipart/form-data; boundary=X", form);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
  }

  private static Response post(String type, byte[] body) {
    return given().contentType(type).body(body).post("/predict");
  }

  private static byte[] picture(String file) {
    return Fixtures.bytes(Fixtures.asset("cases/pictures/" + file));
  }
}
