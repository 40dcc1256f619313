package dev.glimpse.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.access.Role;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Endpoints;
import dev.glimpse.support.Endpoints.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequiredRolesTest {

  private final RequiredRoles roles =
      new RequiredRoles(
          Configs.of(
              Map.of(
                  "glimpse.vertex.health-route",
                  "/healthy",
                  "glimpse.vertex.predict-route",
                  "/ask")));

  /** A new endpoint is for administrators until it is listed; this test then has to be told. */
  @Test
  void everyEndpointIsListed() {
    Set<String> ofAdministrators = new TreeSet<>();
    Set<String> open = new TreeSet<>();
    for (Endpoint endpoint : Endpoints.all()) {
      if (roles.isOpen(endpoint.path())) {
        open.add(endpoint.path());
      } else if (roles.of(endpoint.path()).equals(Set.of(Role.ADMIN))) {
        ofAdministrators.add(endpoint.path());
      }
    }
    assertThat(open).containsExactly("/health", "/ping", "/v2/health/live", "/v2/health/ready");
    assertThat(ofAdministrators)
        .containsExactly(
            "/q/log/levels",
            "/v2/repository/models/colors/load",
            "/v2/repository/models/colors/unload");
  }

  @Test
  void methodsOfGrpcAreAsTheirEndpoints() {
    String inference = "/inference.GRPCInferenceService/";
    assertThat(List.of("ServerLive", "ServerReady"))
        .allMatch(method -> roles.isOpen(inference + method));
    assertThat(List.of("Check", "Watch"))
        .allMatch(method -> roles.isOpen("/grpc.health.v1.Health/" + method));
    assertThat(List.of("ModelInfer", "ModelMetadata", "ModelReady", "ServerMetadata"))
        .allMatch(method -> roles.of(inference + method).equals(Set.of(Role.PREDICT)));
    for (String path :
        List.of(inference + "ModelStatistics", "/v2/models/stats", "/v2/models/colors/stats")) {
      assertThat(roles.of(path)).as(path).containsExactly(Role.OBSERVE);
    }
    assertThat(roles.of(inference + "Other")).containsExactly(Role.ADMIN);
    assertThat(roles.of("/a.Service/Method")).containsExactly(Role.ADMIN);
    assertThat(roles.of("/inferenceXGRPCInferenceService/ModelInfer")).containsExactly(Role.ADMIN);
    for (String version : List.of("v1", "v1alpha")) {
      assertThat(roles.of("/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo"))
          .containsExactlyInAnyOrder(Role.PREDICT, Role.OBSERVE);
    }
  }

  @Test
  void addressesOfVertexAiAreAsItsEndpoints() {
    assertThat(roles.isOpen("/healthy")).isTrue();
    assertThat(roles.of("/ask")).containsExactly(Role.PREDICT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/page/app.js", "/page/words.en.json"})
  void thePageNeedsNoKeyIfThereIsOne(String path) {
    RequiredRoles without = new RequiredRoles(Configs.of(Map.of("glimpse.page.enabled", "false")));

    assertThat(roles.needsNoKey(path)).isTrue();
    assertThat(roles.isOpen(path)).as("free of limits").isNotEqualTo(path.equals("/"));
    assertThat(without.needsNoKey(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page",
        "/page/",
        "/page/..",
        "/page/../predict",
        "/page/..%2fpredict",
        "/page/a/b.js",
        "/page/other.js",
        "/page/words.fr.json",
        "/page/app.js/",
        "//",
        "/predict",
        "/models",
        "/index.html"
      })
  void nothingBesideThePageIsFreeOfKeys(String path) {
    assertThat(roles.needsNoKey(path)).isFalse();
  }

  @Test
  void metricsAreForObservers() {
    assertThat(roles.of("/q/metrics")).containsExactly(Role.OBSERVE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/q",
        "/q/",
        "/q/dev-ui",
        "/q/health/live/more",
        "/q/health/",
        "/ping/",
        "/HEALTH",
        "/predict/x",
        "/predict//batch",
        "/models//colors",
        "/models/a/b",
        "/v2//repository/models/colors/load",
        "/v2/repository",
        "/v2/repository/models/colors/load/",
        "/v3/models",
        "/predictions",
        "/predictions/a/b/c",
        "/v2/health",
        "/q/metrics-of-another",
        "",
        "//"
      })
  void anythingElseIsForAdministrators(String path) {
    assertThat(roles.isOpen(path)).isFalse();
    assertThat(roles.of(path)).containsExactly(Role.ADMIN);
  }
}
