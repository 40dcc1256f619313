package dev.glimpse.api.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.failure.Failure;
import dev.glimpse.support.ColorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ColorModels.class)
class OpenApiTest {

  @ParameterizedTest
  @ValueSource(strings = {"~1predict", "~1predict~1batch"})
  void everyErrorIsDocumentedWithAnExample(String path) throws Exception {
    JsonNode document = document();
    JsonNode responses = document.at("/paths/" + path + "/post/responses");
    Set<Failure> undocumented =
        EnumSet.of(
            Failure.NOT_FOUND,
            Failure.METHOD_NOT_ALLOWED,
            Failure.URI_TOO_LONG,
            Failure.HEADERS_TOO_LARGE,
            Failure.CLIENT_GONE,
            Failure.UNFIT_TENSOR,
            Failure.UNSERVABLE_MODEL,
            Failure.UPGRADE_REQUIRED); // of /predict/live alone
    for (Failure failure : EnumSet.complementOf(EnumSet.copyOf(undocumented))) {
      JsonNode problem =
          resolve(document, responses.path("" + failure.status()))
              .path("content")
              .path("application/problem+json");
      assertThat(problem.at("/schema/$ref").asText()).isEqualTo("#/components/schemas/Problem");
      assertThat(problem.at("/examples/" + failure.code() + "/value/title").asText())
          .as(failure.code())
          .isEqualTo(failure.title());
    }
    for (String status : List.of("503", "504")) {
      assertThat(resolve(document, responses.path(status)).at("/headers/Retry-After").isObject())
          .isTrue();
    }
    assertThat(responses.at("/200/content/application~1json/examples").isEmpty()).isFalse();
  }

  @Test
  void everyKindOfBodyIsDocumented() throws Exception {
    JsonNode content = document().at("/paths/~1predict/post/requestBody/content");
    assertThat(content.properties().stream().map(e -> e.getKey()).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(
            "multipart/form-data", "image/*", "application/octet-stream", "application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "PATCH"})
  void allowNamesTheMethodsThatAreDocumented(String unknown) throws Exception {
    List<String> checked = new ArrayList<>();
    document()
        .path("paths")
        .properties()
        .forEach(path -> {
          String address = path.getKey().replaceAll("\\{[^}]*}", "1");
          Set<String> methods = new TreeSet<>(Set.of("OPTIONS"));
          path.getValue()
              .fieldNames()
              .forEachRemaining(method -> methods.add(method.toUpperCase(Locale.ROOT)));
          methods.retainAll(Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"));
          if (methods.contains("GET")) {
            methods.add("HEAD");
          }
          if (address.startsWith("/predictions/")) {
            methods.add("PUT"); // for curl -T; the document has the same operation once
          }
          Response refused = given().request(unknown, address);
          if (refused.statusCode() == 405) {
            checked.add(address);
            assertThat(Set.of(refused.header("Allow").split(", "))).as(address).isEqualTo(methods);
          }
        });
    assertThat(checked).contains("/predict", "/predictions/1", "/models/1", "/ping", "/v2");
  }

  @Test
  void ofABatchEachResultIsAnAnswerOrAProblem() throws Exception {
    JsonNode document = document();
    JsonNode content = document.at("/paths/~1predict~1batch/post/requestBody/content");
    assertThat(content.properties().stream().map(e -> e.getKey()))
        .containsExactlyInAnyOrder("multipart/form-data", "application/json");
    assertThat(document.at("/components/schemas/BatchForm/properties/file/type").asText())
        .isEqualTo("array");
    assertThat(document.at("/components/schemas/BatchForm/properties/file/items/format").asText())
        .isEqualTo("binary");
    assertThat(document.at("/components/schemas/Result/oneOf").valueStream())
        .extracting(schema -> schema.path("$ref").asText())
        .containsExactly("#/components/schemas/PredictResponse", "#/components/schemas/Problem");
  }

  @Test
  void theHeadersThatSetTheDeadlineAreDocumented() throws Exception {
    JsonNode document = document();
    JsonNode parameters = document.at("/paths/~1predict/post/parameters");
    assertThat(parameters.valueStream().map(parameter -> resolve(document, parameter)))
        .filteredOn(p -> p.path("in").asText().equals("header"))
        .extracting(p -> p.path("name").asText())
        .containsExactlyInAnyOrder("grpc-timeout", "x-envoy-expected-rq-timeout-ms", "Prefer");
  }

  @Test
  void theVersionIsTheApplications() throws Exception {
    String version = given().get("/v2").path("version");
    assertThat(document().at("/info/version").asText()).isEqualTo(version).isNotEmpty();
  }

  @Test
  void everythingIsDescribed() throws Exception {
    JsonNode document = document();
    for (JsonNode path : document.get("paths")) {
      for (JsonNode operation : path) {
        assertThat(operation.path("summary").asText()).isNotEmpty();
        assertThat(operation.path("operationId").asText()).isNotEmpty();
        for (JsonNode parameter : operation.path("parameters")) {
          assertThat(resolve(document, parameter).path("description").asText())
              .as(parameter.toString())
              .isNotEmpty();
        }
        for (JsonNode response : operation.path("responses")) {
          assertThat(resolve(document, response).path("description").asText())
              .as(response.toString())
              .isNotEmpty();
        }
      }
    }
    for (JsonNode schema : document.at("/components/schemas")) {
      assertThat(schema.path("description").asText()).as(schema.toString()).isNotEmpty();
      for (JsonNode property : schema.path("properties")) {
        assertThat(property.path("description").asText()).as(property.toString()).isNotEmpty();
      }
    }
  }

  /** Python's clients would not import what is referred to. */
  @Test
  void noReferenceHasATypeBesideIt() throws Exception {
    assertThat(document().findParents("$ref"))
        .hasSizeGreaterThan(100)
        .noneMatch(reference -> reference.has("type"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/predict", "/predict/batch"})
  void theExampleOfTheDocumentIsAnswered(String path) throws Exception {
    String example =
        document()
            .path("paths")
            .path(path)
            .at("/post/requestBody/content/application~1json/examples/red/value")
            .toString();
    given().contentType("application/json").body(example).post(path).then().statusCode(200);
  }

  /** Returns what a node refers to, or itself. */
  private static JsonNode resolve(JsonNode document, JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  private static JsonNode document() throws Exception {
    return new ObjectMapper()
        .readTree(given().accept("application/json").get("/q/openapi").asString());
  }
}
