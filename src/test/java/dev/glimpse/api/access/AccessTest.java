package dev.glimpse.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.startsWith;

import dev.glimpse.support.Endpoints;
import dev.glimpse.support.Endpoints.Endpoint;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.GuardedModels;
import dev.glimpse.support.Polling;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.RawConnection.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(GuardedModels.class)
class AccessTest {

  private static final String LOAD = "/v2/repository/models/colors/load";

  private static final Set<String> OPEN =
      Set.of("/health", "/ping", "/v2/health/live", "/v2/health/ready");

  /** What Quarkus and our own routes serve beside the resources. */
  private static final List<Endpoint> ROUTES =
      List.of(
          new Endpoint("GET", "/q/metrics"),
          new Endpoint("GET", "/q/metrics/"),
          new Endpoint("GET", "/q/openapi"),
          new Endpoint("GET", "/q/openapi.json"),
          new Endpoint("GET", "/q/openapi.yaml"),
          new Endpoint("GET", "/q/swagger-ui"),
          new Endpoint("GET", "/q/swagger-ui/index.html"),
          new Endpoint("POST", "/vertex/predict"),
          new Endpoint("GET", "/nothing-here"));

  private static List<Endpoint> guarded() {
    List<Endpoint> all = new ArrayList<>(ROUTES);
    all.addAll(Endpoints.all());
    all.removeIf(door -> OPEN.contains(door.path()) || door.method().equals("HEAD"));
    assertThat(all).hasSizeGreaterThan(30);
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/health",
        "/ping",
        "/q/health",
        "/q/health/live",
        "/q/health/ready",
        "/q/health/started",
        "/v2/health/live",
        "/v2/health/ready",
        "/vertex/health"
      })
  void probesNeedNoKey(String path) throws IOException {
    assertThat(ask("GET", path).status()).isEqualTo(200);
  }

  /** It asks its user for one. */
  @Test
  void thePageNeedsNoKeyAndTellsNothingOfTheModels() {
    String page =
        RestAssured.given()
            .accept("text/html")
            .get("/")
            .then()
            .statusCode(200)
            .contentType("text/html")
            .extract()
            .asString();
    String index = RestAssured.get("/").then().statusCode(200).extract().asString();

    assertThat(page).contains("page/app.js").doesNotContain("colors");
    assertThat(index)
        .contains("\"needs_key\":true", "\"/predict\"")
        .doesNotContain("colors")
        .doesNotContain("version");
    RestAssured.get("/page/app.js").then().statusCode(200);
    RestAssured.get("/page/nothing.js").then().statusCode(401);
  }

  /** Each way to come without a key that counts, at every door. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing |",
        "an empty header | Authorization:",
        "a scheme alone | Authorization: Bearer",
        "a blank key | Authorization: Bearer  ",
        "a wrong key | Authorization: Bearer wrong",
        "in upper case | Authorization: Bearer KEY-OF-AN-ADMINISTRATOR",
        "one character more | Authorization: Bearer key-of-an-administrator1",
        "one character less | Authorization: Bearer key-of-an-administrato",
        "a quoted key | Authorization: Bearer \"key-of-an-administrator\"",
        "two keys in one | Authorization: Bearer wrong, key-of-an-administrator",
        "a key of several words | Authorization: Bearer key-of-an-administrator x",
        "the scheme twice | Authorization: Bearer Bearer key-of-an-administrator",
        "the hash | Authorization: Bearer HASH",
        "the name | Authorization: Bearer root",
        "the line | Authorization: Bearer root HASH admin",
        "a role | Authorization: Bearer admin",
        "no scheme | Authorization: key-of-an-administrator",
        "another scheme | Authorization: Token key-of-an-administrator",
        "another scheme | Authorization: ApiKey key-of-an-administrator",
        "Basic | Authorization: Basic BASIC",
        "Digest | Authorization: Digest username=\"root\"",
        "a comma | Authorization: Bearer,key-of-an-administrator",
        "a colon | Authorization: Bearer:key-of-an-administrator",
        "an escaped key | Authorization: Bearer key%2Dof%2Dan%2Dadministrator",
        "a long key | Authorization: Bearer LONG",
        "other letters | Authorization: Bearer ÄÖÜ",
        "an empty key | X-API-Key:",
        "a wrong key | X-API-Key: wrong",
        "a scheme in it | X-API-Key: Bearer key-of-an-administrator",
        "the hash | X-API-Key: HASH",
        "two headers | Authorization: Bearer key-of-an-administrator ~ Authorization: Bearer wrong",
        "two headers | Authorization: Bearer wrong ~ Authorization: Bearer key-of-an-administrator",
        "both headers | Authorization: Bearer wrong ~ X-API-Key: key-of-an-administrator",
        "both headers | Authorization: Bearer key-of-an-administrator ~ X-API-Key: wrong",
        "two keys | X-API-Key: key-of-an-administrator ~ X-API-Key: wrong",
        "a cookie | Cookie: key=key-of-an-administrator; Authorization=key-of-an-administrator",
        "a proxy's key | Proxy-Authorization: Bearer key-of-an-administrator",
        "another header | X-Auth-Token: key-of-an-administrator",
        "another header | Api-Key: key-of-an-administrator",
        "a folded header | X-Other: 1 ~  Authorization: Bearer key-of-an-administrator",
        "a user | X-Forwarded-User: root ~ X-Remote-User: root ~ Remote-User: root",
        "a role | X-Role: admin ~ X-Roles: admin",
        "this machine | X-Forwarded-For: 127.0.0.1 ~ X-Real-IP: 127.0.0.1",
        "this machine | Forwarded: for=127.0.0.1;host=localhost;proto=https",
        "a client's certificate | X-Forwarded-Client-Cert: By=spiffe://root ~ X-SSL-Client-Verify: SUCCESS",
        "another address | X-Original-URL: /q/health/live ~ X-Rewrite-URL: /q/health/live",
        "another prefix | X-Forwarded-Prefix: /q/health/live",
        "another method | X-HTTP-Method-Override: OPTIONS ~ X-HTTP-Method: OPTIONS ~ X-Method-Override: GET",
        "a preflight | Origin: https://evil.test ~ Access-Control-Request-Method: POST",
        "a WebSocket | Upgrade: websocket ~ Connection: Upgrade ~ Sec-WebSocket-Version: 13 ~ Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "a probe's agent | User-Agent: kube-probe/1.30 ~ K-Network-Probe: queue",
        "a form without preflight | Content-Type: text/plain ~ Origin: null",
        "a form | Content-Type: application/x-www-form-urlencoded ~ Referer: http://localhost/",
      })
  void withoutAKeyThatCountsEveryDoorIsShut(String way, String headers) throws IOException {
    String sent =
        (headers == null ? "" : headers)
            .replace("HASH", GuardedModels.hash(GuardedModels.ADMIN))
            .replace("LONG", "x".repeat(6000))
            .replace("BASIC", base64("root:" + GuardedModels.ADMIN));
    for (Endpoint door : guarded()) {
      Answer answer = ask(door.method(), door.path(), sent.split(" ~ "));
      // A header that is not valid HTTP is refused even before.
      assertThat(answer.status()).as("%s: %s", way, door).isIn(400, 401);
      if (answer.status() == 401) {
        assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer");
        assertThat(answer.body()).doesNotContain("key-of-an").doesNotContain("root");
      }
    }
  }

  @Test
  void keysInTheAddressDoNotCount() throws IOException {
    for (Endpoint door : guarded()) {
      for (String name : List.of("key", "api_key", "apikey", "access_token", "token")) {
        assertThat(
                ask(door.method(), door.path() + "?" + name + "=" + GuardedModels.ADMIN).status())
            .as("%s %s", door, name)
            .isEqualTo(401);
      }
    }
  }

  @Test
  void headIsRefusedAsGetIs() {
    for (Endpoint door : guarded()) {
      assertThat(RestAssured.head(door.path()).statusCode()).as("%s", door).isEqualTo(401);
    }
  }

  /** A filter answers that format, and comes after those that ask for keys. */
  @Test
  void openMetricsNeedAKeyToo() {
    RestAssured.given()
        .accept("application/openmetrics-text")
        .get("/q/metrics")
        .then()
        .statusCode(401);
    RestAssured.given()
        .accept("application/openmetrics-text")
        .header("X-API-Key", GuardedModels.ADMIN)
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .contentType(startsWith("application/openmetrics-text"));
  }

  @Test
  void noOtherMethodOpensADoor() throws IOException {
    for (Endpoint door : guarded()) {
      for (String method :
          List.of(
              "GET",
              "POST",
              "PUT",
              "DELETE",
              "PATCH",
              "OPTIONS",
              "TRACE",
              "PROPFIND",
              "get",
              "HEADS")) {
        assertThat(ask(method, door.path()).status())
            .as("%s %s", method, door.path())
            .isIn(400, 401);
      }
    }
  }

  @Test
  void tokensThatDoNotCountOpenNoDoor() throws IOException {
    List<String> tokens = new ArrayList<>(GuardedModels.forgedTokens());
    tokens.addAll(GuardedModels.voidTokens());
    for (Endpoint door : guarded()) {
      for (String token : tokens) {
        assertThat(ask(door.method(), door.path(), "Authorization: Bearer " + token).status())
            .as("%s %s", door, token)
            .isEqualTo(401);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//q/metrics",
        "/q//metrics",
        "/./q/metrics",
        "/q/health/../metrics",
        "/q/health/live/../../metrics",
        "/q/health/%2e%2e/metrics",
        "/q/health/live/%2e%2e/%2e%2e/metrics",
        "/q/health/live;/../../metrics",
        "/q/health/live/..;/..;/metrics",
        "/q/health/live%2F..%2F..%2Fmetrics",
        "/q/health/live%252F..%252Fmetrics",
        "/q/health/live?/../../metrics",
        "/q/metrics?x=/q/health/live",
        "/q/metrics;/q/health/live",
        "/q/metrics;.css",
        "/q/metrics/.",
        "/q/metrics%00",
        "/q/metrics%20",
        "/q/metrics%2F",
        "/Q/METRICS",
        "/q/Metrics",
        "/%71/metrics",
        "/q/%6detrics",
        "/q\\metrics",
        "http://localhost/q/metrics",
        "http://localhost/q/health/live/../../metrics",
        "/ping/../q/metrics",
        "/ping/%2e%2e/q/metrics",
        "/v2/health/live/../../../q/metrics"
      })
  void noSpellingOfAnAddressShowsTheMetrics(String path) throws IOException {
    Answer answer = ask("GET", path);
    Answer predictor = ask("GET", path, "X-API-Key: " + GuardedModels.PREDICT);

    assertThat(answer.body()).doesNotContain("# HELP");
    assertThat(predictor.body()).doesNotContain("# HELP");
    assertThat(predictor.status()).isNotEqualTo(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LOAD,
        LOAD + "/",
        "//v2/repository/models/colors/load",
        "/v2//repository/models/colors/load",
        "/v2/repository//models/colors/load",
        "/v2/models/colors/../../repository/models/colors/load",
        "/v2/models/%2e%2e/repository/models/colors/load",
        "/v2/models/colors%2F..%2F..%2Frepository/models/colors/load",
        "/v2/repository/models/colors/load;/infer",
        "/v2/repository/models/colors/load?/v2/models/colors/infer",
        "/v2/repository/models/colors/%6coad",
        "/V2/repository/models/colors/load",
        "/predict/../v2/repository/models/colors/load"
      })
  void whoMayPredictMayNotChangeModels(String path) throws IOException {
    for (String credential : List.of(GuardedModels.PREDICT, GuardedModels.token())) {
      Answer answer = ask("POST", path, "Authorization: Bearer " + credential);
      assertThat(answer.status()).as(path).isIn(403, 404, 400);
      assertThat(answer.body()).doesNotContain("glimpse.repository.control");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/predict,predict",
    "GET,/models,predict",
    "POST,/v2/models/colors/infer,predict",
    "GET,/v2,predict",
    "GET,/v1/models/colors,predict",
    "POST,/vertex/predict,predict",
    "GET,/q/metrics,observe",
    "GET,/q/openapi,predict observe",
    "GET,/q/swagger-ui/,predict observe",
    "POST,/v2/repository/index,predict observe",
    "POST,/v2/repository/models/colors/load,",
    "GET,/q/log/levels,",
    "PUT,/q/log/levels,",
    "GET,/nothing,"
  })
  void eachDoorAsksForItsRole(String method, String path, String roles) throws IOException {
    Answer predictor = ask(method, path, "X-API-Key: " + GuardedModels.PREDICT);
    Answer observer = ask(method, path, "X-API-Key: " + GuardedModels.OBSERVE);
    Answer admin = ask(method, path, "X-API-Key: " + GuardedModels.ADMIN);
    String wanted = roles == null ? "" : roles;

    assertThat(predictor.status() == 403).isEqualTo(!wanted.contains("predict"));
    assertThat(observer.status() == 403).isEqualTo(!wanted.contains("observe"));
    assertThat(admin.body()).doesNotContain("This needs the role");
    assertThat(List.of(predictor.status(), observer.status(), admin.status())).doesNotContain(401);
  }

  @Test
  void keysAndTokensAreTakenFromEitherHeader() throws IOException {
    byte[] image = Fixtures.image("red.jpg");
    for (String header :
        List.of(
            "Authorization: Bearer " + GuardedModels.PREDICT,
            "authorization: bearer " + GuardedModels.PREDICT,
            "X-API-Key: " + GuardedModels.PREDICT,
            "Authorization: Bearer " + GuardedModels.token(),
            "X-API-Key: " + GuardedModels.token(),
            "X-API-Key: " + GuardedModels.ADMIN)) {
      try (RawConnection connection = new RawConnection(RestAssured.port)) {
        connection.post(image, header);
        assertThat(connection.read().status()).as(header).isEqualTo(200);
      }
    }
  }

  @Test
  void theAdminTokenIsAnAdministratorsKey() throws IOException {
    Answer answer = ask("POST", LOAD, "Authorization: Bearer " + GuardedModels.ADMIN_TOKEN);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("glimpse.repository.control is false");
  }

  @Test
  void anUnreadBodyIsDiscardedAndTheConnectionGoesOn() throws IOException {
    try (RawConnection connection = new RawConnection(RestAssured.port)) {
      connection.post(new byte[100_000]);
      Answer refused = connection.read();
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.headers().get("content-type")).startsWith("application/problem+json");
      connection.post(Fixtures.image("red.jpg"), "X-API-Key: " + GuardedModels.PREDICT);
      assertThat(connection.read().status()).isEqualTo(200);
    }
  }

  @Test
  void aKeyRevokedWhileARequestRunsOpensNoOtherDoor() throws IOException {
    byte[] image = Fixtures.image("red.jpg");
    GuardedModels.writeKeys("guest " + GuardedModels.hash("a guest's key") + "\n");
    String header = "X-API-Key: a guest's key";
    try (RawConnection connection = new RawConnection(RestAssured.port)) {
      Polling.await().until(() -> ask("GET", "/models", header).status() == 200);
      connection.head("Content-Type: image/jpeg\r\nContent-Length: " + image.length, header);
      GuardedModels.writeKeys("");
      Polling.await().until(() -> ask("GET", "/models", header).status() == 401);
      connection.send(image);
      assertThat(connection.read().status()).isEqualTo(200);
      connection.post(image, header);
      assertThat(connection.read().status()).isEqualTo(401);
    } finally {
      GuardedModels.writeKeys("");
    }
  }

  private static Answer ask(String method, String path, String... headers) throws IOException {
    StringBuilder head =
        new StringBuilder(method)
            .append(' ')
            .append(path)
            .append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      if (!header.isEmpty()) {
        head.append(header).append("\r\n");
      }
    }
    if (method.equals("POST") || method.equals("PUT")) {
      head.append("Content-Length: 2\r\n\r\n{}");
    } else {
      head.append("\r\n");
    }
    try (RawConnection connection = new RawConnection(RestAssured.port)) {
      connection.send(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      return connection.read();
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
