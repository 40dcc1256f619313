package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.ColorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;

/**
 * What was promised to generated clients is kept: the document may grow, and must not change what a
 * client relies on. {@code -Dopenapi.promise} writes down the present document as the promise.
 */
@QuarkusTest
@TestProfile(ColorModels.class)
class OpenApiContractTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SCHEMAS = "/components/schemas";
  private static final Path PROMISE = Path.of("src/test/resources/openapi/promise.json");

  @BeforeEach
  void promiseAnew() throws IOException {
    if (System.getProperty("openapi.promise") != null) {
      Files.writeString(PROMISE, document());
    }
  }

  @Test
  void theDocumentKeepsItsPromise() throws IOException {
    String document = document();
    ChangedOpenApi change = OpenApiCompare.fromContents(Files.readString(PROMISE), document);
    assertThat(change.isCompatible())
        .as("missing: %s, changed: %s", change.getMissingEndpoints(), change.getChangedOperations())
        .isTrue();
  }

  /** OpenAPI 3.1's types are not compared by the library. */
  @Test
  void everyTypeIsAsItWas() throws IOException {
    JsonNode promise = MAPPER.readTree(PROMISE.toFile()).at(SCHEMAS);
    JsonNode document = MAPPER.readTree(document()).at(SCHEMAS);
    assertThat(types(promise)).isNotEmpty();
    assertThat(types(document)).containsAllEntriesOf(types(promise));
  }

  /** By the way to them. */
  private static Map<String, String> types(JsonNode schemas) {
    Map<String, String> types = new TreeMap<>();
    collect("", schemas, types);
    return types;
  }

  private static void collect(String way, JsonNode node, Map<String, String> types) {
    node.properties()
        .forEach(entry -> {
          if (entry.getKey().equals("type") && !entry.getValue().isObject()) {
            types.put(way, entry.getValue().toString());
          }
          collect(way + "/" + entry.getKey(), entry.getValue(), types);
        });
  }

  /** Or the first test could not fail. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a path that is gone | \"/predict\" : | \"/classify\" :",
        "a parameter that is gone | \"name\" : \"top_k\" | \"name\" : \"best\"",
        "an answer's field that is gone | \"predictions\" : { | \"classes\" : {",
        "an answer of another kind | \"application/problem+json\" | \"text/plain\"",
      })
  void aBrokenPromiseIsFound(String what, String before, String after) throws IOException {
    String document = document();
    String broken = document.replace(before, after);
    assertThat(broken).as(what).isNotEqualTo(document);
    assertThat(OpenApiCompare.fromContents(document, broken).isIncompatible()).as(what).isTrue();
  }

  @Test
  void growingIsNotBreaking() throws IOException {
    String document = document();
    String grown = document.replaceFirst("\"/predict\" :", "\"/news\" : {}, \"/predict\" :");
    assertThat(grown).isNotEqualTo(document);
    assertThat(OpenApiCompare.fromContents(document, grown).isCompatible()).isTrue();
  }

  private static String document() {
    return RestAssured.given().accept("application/json").get("/q/openapi").asString();
  }
}
