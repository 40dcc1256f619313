package dev.glimpse.api.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.GuardedModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RateFilterTest.Limited.class)
class RateFilterTest {

  private static final String FORWARDED = "X-Forwarded-For";

  /** The one origin, beside its own, whose pages may call the service, and their key. */
  static final String ORIGIN = "https://app.example.com";

  static final String PAGE = "key-of-a-page";

  /** Lets each caller ask three times an hour, and one with a key of its own five times. */
  public static class Limited implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path keys = Path.of("target/limited-keys.txt").toAbsolutePath();
        Files.writeString(
            keys,
            "few %s\npage %s\nmore %s rate=5/h\nmore %s rate=5/h"
                .formatted(
                    GuardedModels.hash("few"),
                    GuardedModels.hash(PAGE),
                    GuardedModels.hash("more"),
                    GuardedModels.hash("another of more")));
        Map<String, String> settings = new HashMap<>(new ColorModels().getConfigOverrides());
        settings.put("glimpse.auth.keys", keys.toString());
        settings.put("glimpse.http.rate", "3/h");
        settings.put("glimpse.http.trusted-proxies", "127.0.0.1,::1");
        settings.put("quarkus.http.cors.enabled", "true");
        settings.put("quarkus.http.cors.origins", ORIGIN);
        settings.put("quarkus.http.cors.methods", "GET,POST");
        return settings;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void eachKeyHasItsOwnLimitWhereverItComesFrom() {
    for (int left = 2; left >= 0; left--) {
      Response response = predict("few", "198.51.100." + left);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.header("RateLimit-Limit")).isEqualTo("3");
      assertThat(response.header("RateLimit-Remaining")).isEqualTo("" + left);
      assertThat(Integer.parseInt(response.header("RateLimit-Reset"))).isBetween(1, 3600);
    }
    Response refused = predict("few", "198.51.100.9");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.contentType()).startsWith("application/problem+json");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1100, 1200);
    assertThat(refused.jsonPath().getString("detail"))
        .isEqualTo(
            "More requests than the limit allows; the next one may come in %s s."
                .formatted(refused.header("Retry-After")));
  }

  @Test
  void keysOfOneNameShareItsRate() {
    for (int i = 0; i < 5; i++) {
      assertThat(predict(i % 2 == 0 ? "more" : "another of more", null).statusCode())
          .isEqualTo(200);
    }
    assertThat(predict("more", null).statusCode()).isEqualTo(429);
    assertThat(predict("another of more", null).statusCode()).isEqualTo(429);
  }

  @Test
  void whoGuessesKeysIsLimitedByAddress() {
    for (int i = 0; i < 3; i++) {
      assertThat(predict("guess " + i, "203.0.113.1").statusCode()).isEqualTo(401);
    }
    assertThat(predict("guess", "203.0.113.1").statusCode()).isEqualTo(429);
    assertThat(predict("guess", "198.51.100.1, 203.0.113.1").statusCode()).isEqualTo(429);
    assertThat(predict("guess", "203.0.113.2").statusCode()).as("another").isEqualTo(401);
  }

  @Test
  void probesAreNotCounted() {
    for (int i = 0; i < 10; i++) {
      Response probe = given().header(FORWARDED, "203.0.113.3").get("/q/health/live");
      assertThat(probe.statusCode()).isEqualTo(200);
      assertThat(probe.header("RateLimit-Limit")).isNull();
    }
  }

  private static Response predict(String key, String forwarded) {
    var request =
        given().header("X-API-Key", key).contentType("image/jpeg").body(Fixtures.image("red.jpg"));
    return (forwarded == null ? request : request.header(FORWARDED, forwarded)).post("/predict");
  }
}
