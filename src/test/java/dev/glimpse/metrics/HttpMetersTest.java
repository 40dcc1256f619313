package dev.glimpse.metrics;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.ColorModels;
import dev.glimpse.support.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client can make no time series of what it invents. */
@QuarkusTest
@TestProfile(ColorModels.class)
class HttpMetersTest {

  private static final String INVENTED = "invented";

  @Test
  void inventedMethodsAreOne() throws Exception {
    send("%s1 /predict HTTP/1.1".formatted(INVENTED.toUpperCase(java.util.Locale.ROOT)));
    long before = series();
    for (int i = 0; i < 300; i++) {
      send("%s%d /predict HTTP/1.1".formatted(INVENTED.toUpperCase(java.util.Locale.ROOT), i));
    }

    assertThat(meters()).doesNotContainIgnoringCase(INVENTED).contains("method=\"OTHER\"");
    assertThat(series()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /%s",
        "POST /%s",
        "DELETE /%s",
        "OPTIONS /%s",
        "PUT /%s/a",
        "HEAD /%s",
        "TRACE /%s",
        "GET /%s/%%zz",
        "GET /%%00%s",
        "GET /predict/%s",
        "POST /predict/%s",
        "GET /predict?%s",
        "GET /predict;%s",
        "POST /predict;a=%s",
        "GET /models/%s",
        "POST /models/%s",
        "DELETE /models/%s",
        "GET /models/%s/a",
        "PUT /predictions/%s/1",
        "GET /v1/models/%s",
        "POST /v1/models/%s:predict",
        "DELETE /v1/models/%s:predict",
        "GET /v2/models/%s",
        "GET /v2/models/%s/versions/%1$s",
        "POST /v2/models/%s/infer",
        "DELETE /v2/models/%s/infer",
        "POST /v2/repository/models/%s/load",
        "GET /v2/%s",
        "GET /q/%s",
        "GET /q/health/%s",
        "GET /q/health/group/%s",
        "GET /q/openapi/%s",
        "GET /q/metrics/%s",
        "GET /health/%s",
        "GET /page/%s",
        "POST /page/%s",
        "OPTIONS /q/%s",
        "GET //%s",
        "GET /./%s/..",
        "GET http://%s/",
        "GET http://a/%s",
        "POST /%s HTTP/1.0 X",
      })
  void inventedAddressesAreNone(String request) throws Exception {
    for (int i = 0; i < 20; i++) {
      String line = request.formatted(INVENTED + i);
      send(line.contains(" HTTP/1.0") ? line : line + " HTTP/1.1");
    }

    assertThat(meters()).doesNotContainIgnoringCase(INVENTED);
  }

  /** An endpoint that is forgotten there would be measured as OTHER. */
  @Test
  void everyDocumentedAddressIsKnown() {
    java.util.Set<String> documented =
        given().get("/q/openapi?format=json").jsonPath().getMap("paths").keySet().stream()
            .map(String::valueOf)
            .collect(Collectors.toSet());

    assertThat(documented).hasSizeGreaterThan(20);
    assertThat(documented)
        .allMatch(path ->
            HttpTags.isKnown(path)
                || HttpTags.isKnown(path.replaceAll("\\{(\\w+)}:(\\w+)$", "{$1:[^/:]+}:$2")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/models", "/health", "/v1/models", "/v2/models/colors", "/ping"})
  void addressesOfEndpointsAreKept(String path) {
    given().get(path);

    assertThat(meters()).contains("uri=\"" + path.replace("colors", "{model}") + "\"");
  }

  @Test
  void filesOfThePageAreOneAddress() {
    given().get("/page/app.js").then().statusCode(200);

    assertThat(meters()).contains("uri=\"/page/{file}\"").doesNotContain("app.js");
  }

  private static void send(String line) throws Exception {
    try (RawConnection connection = new RawConnection(RestAssured.port)) {
      connection.send(
          (line + "\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      assertThat(connection.read().status()).isBetween(200, 501);
    }
  }

  private static long series() {
    return meters().lines().count();
  }

  private static String meters() {
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith("http_"))
        .collect(Collectors.joining("\n"));
  }
}
