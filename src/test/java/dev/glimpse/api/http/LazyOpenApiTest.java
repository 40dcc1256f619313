package dev.glimpse.api.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.predict.AdmissionTest;
import io.quarkus.smallrye.openapi.OpenApiFilter.RunStage;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.quarkus.smallrye.openapi.runtime.filter.AutoSecurityFilter;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.smallrye.openapi.runtime.io.Format;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fails when Quarkus no longer treats the field that {@link LazyOpenApi} writes as it did. Its
 * application is one whose document no other test requests.
 */
@QuarkusTest
@TestProfile(AdmissionTest.OneWorker.class)
@TestMethodOrder(OrderAnnotation.class)
class LazyOpenApiTest {

  @Inject OpenApiDocumentService service;
  @Inject Config config;

  @Test
  @Order(1)
  void documentIsBuiltOnTheFirstRequest() throws Exception {
    assertThat(service).isInstanceOf(LazyOpenApi.class);
    assertThat(holders(service).values())
        .as("what Quarkus prepared at startup")
        .extracting(holder -> holder.getClass().getSimpleName())
        .containsExactly("EmptyDocument");
    given().get("/q/openapi").then().statusCode(200);
    assertThat(holders(service).values())
        .extracting(holder -> holder.getClass().getSimpleName())
        .containsExactly("StaticDocument");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void documentHasATagAndACompressedForm(Format format) throws Exception {
    HttpResponse<byte[]> plain = get(format, "identity", "\"x\"");
    HttpResponse<byte[]> gzip = get(format, "br, gzip;q=0.5", "\"x\"");

    assertThat(gzip.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(gzip.headers().firstValue("Vary")).hasValue("Accept, Accept-Encoding");
    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes())
        .isEqualTo(plain.body());
    assertThat(tag(plain)).isNotEqualTo(tag(gzip));
    for (String known : List.of(tag(plain), "W/" + tag(gzip), "\"x\", " + tag(plain), "*")) {
      HttpResponse<byte[]> unchanged = get(format, "gzip", known);
      assertThat(unchanged.statusCode()).as(known).isEqualTo(304);
      assertThat(unchanged.body()).isEmpty();
    }
    assertThat(get(format, "gzip;q=0.0", "\"x\"").body()).isEqualTo(plain.body());
  }

  private static String tag(HttpResponse<?> response) {
    return response.headers().firstValue("ETag").orElseThrow();
  }

  private static HttpResponse<byte[]> get(Format format, String encodings, String tags)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://localhost:" + RestAssured.port + "/q/openapi"))
                .header("Accept", format.getMimeType())
                .header("Accept-Encoding", encodings)
                .header("If-None-Match", tags)
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void fieldIsPublicStaticAndAClassLoader() throws Exception {
    Field field =
        Class.forName("io.quarkus.smallrye.openapi.runtime.OpenApiConstants")
            .getField("classLoader");
    assertThat(field.getType()).isEqualTo(ClassLoader.class);
    assertThat(Modifier.isStatic(field.getModifiers())).isTrue();
    assertThat(Modifier.isFinal(field.getModifiers())).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void servedDocumentIsTheOneThatQuarkusBuilds(Format format) throws Exception {
    String served =
        given()
            .accept(format.getMimeType())
            .queryParam("format", format)
            .get("/q/openapi")
            .asString();
    assertThat(served).contains("/predict/batch").isEqualTo(builtByQuarkus(null, format));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void quarkusBuildsNothingWithTheEmptyLoader(Format format) throws Exception {
    assertThat(builtByQuarkus(LazyOpenApi.EMPTY_LOADER, format)).doesNotContain("/predict");
  }

  /** Builds the document as Quarkus does at startup, in a service of Quarkus' own. */
  private String builtByQuarkus(ClassLoader loader, Format format) throws Exception {
    OpenApiDocumentService plain = new OpenApiDocumentService();
    Field injected = OpenApiDocumentService.class.getDeclaredField("config");
    injected.setAccessible(true);
    injected.set(plain, config);
    Method prepare =
        OpenApiDocumentService.class.getDeclaredMethod(
            "prepareDocument", AutoSecurityFilter.class, Map.class, String.class);
    prepare.setAccessible(true);
    Map<RunStage, List<String>> noFilters =
        Arrays.stream(RunStage.values())
            .collect(Collectors.toMap(Function.identity(), stage -> List.of()));
    ClassLoader before = OpenApiConstants.classLoader;
    OpenApiConstants.classLoader = loader;
    try {
      prepare.invoke(plain, null, noFilters, OpenApiConstants.DEFAULT_DOCUMENT_NAME);
    } finally {
      OpenApiConstants.classLoader = before;
    }
    byte[] document = plain.getDocument(OpenApiConstants.DEFAULT_DOCUMENT_NAME, format);
    return new String(document, StandardCharsets.UTF_8);
  }

  private static Map<?, ?> holders(OpenApiDocumentService service) throws Exception {
    Field field = OpenApiDocumentService.class.getDeclaredField("documentHolders");
    field.setAccessible(true);
    return (Map<?, ?>) field.get(service);
  }
}
