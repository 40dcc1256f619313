package dev.glimpse.api.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.Command;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.GoTool;
import dev.glimpse.support.Python;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the clients that people have, Triton's and KServe's own: {@code ./mvnw test
 * -Dtest=RealClientsTest -DexcludedGroups=}. Most of its minute goes into installing them.
 */
@Tag("clients")
@QuarkusTest
@TestProfile(RealClientsTest.WithReflection.class)
class RealClientsTest {

  /** Tells what its services are. */
  public static class WithReflection extends TensorModels {

    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
      settings.put("glimpse.grpc.reflection", "true");
      return settings;
    }
  }

  private static final Path SCRIPTS = Path.of("src/test/clients");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "triton.py",
        "kserve_rest.py",
        "triton_grpc.py",
        "kserve_grpc.py",
        "reflection.py"
      })
  void worksUnchanged(String script) throws Exception {
    Python python = Python.with(SCRIPTS.resolve("clients.txt"));
    String said =
        Command.run(
            python.program("python"),
            SCRIPTS.resolve(script).toString(),
            "localhost:" + RestAssured.port,
            Fixtures.RESOURCES.resolve("images/red.jpg").toString());
    assertThat(said).endsWith("all well");
  }

  /** Without files of ours, as it asks for them. */
  @Test
  void grpcurlListsDescribesAndCalls() throws Exception {
    String grpcurl = GoTool.GRPCURL.program();
    String server = "localhost:" + RestAssured.port;
    assertThat(Command.run(grpcurl, "-plaintext", server, "list").lines())
        .contains("grpc.health.v1.Health", "inference.GRPCInferenceService");
    assertThat(
            Command.run(grpcurl, "-plaintext", server, "describe", "inference.ModelInferRequest"))
        .contains("repeated bytes raw_input_contents = 7;")
        .contains("map<string, .inference.InferParameter> parameters = 4;");
    assertThat(
            Command.run(
                grpcurl,
                "-plaintext",
                "-d",
                "{\"service\": \"readiness\"}",
                server,
                "grpc.health.v1.Health/Check"))
        .contains("SERVING");
    String lookup =
        "{\"model_name\": \"lookup\", \"inputs\": [{\"name\": \"number\", \"datatype\": \"INT64\","
            + " \"shape\": [1], \"contents\": {\"int64_contents\": [1]}}]}";
    String service = "inference.GRPCInferenceService/";
    assertThat(Command.run(grpcurl, "-plaintext", "-d", lookup, server, service + "ModelInfer"))
        .contains("\"modelName\": \"lookup\"", "fp32Contents");
    assertThat(
            Command.run(grpcurl, "-plaintext", "-d", lookup, server, service + "ModelStreamInfer"))
        .contains("inferResponse", "fp32Contents");
    assertThat(
            Command.run(
                grpcurl,
                "-plaintext",
                "-d",
                "{\"name\": \"x\"}",
                server,
                service + "ModelMetadata"))
        .contains("Code: NotFound", "google.rpc.ErrorInfo")
        .contains("\"reason\": \"UNKNOWN_MODEL\"");
  }

  /** Many calls over many connections, none of which fails. */
  @Test
  void ghzCalls() throws Exception {
    String ghz = GoTool.GHZ.program();
    String said =
        Command.run(
            ghz,
            "--insecure",
            "--total=2000",
            "--concurrency=20",
            "--connections=4",
            "--format=json",
            "--call=inference.GRPCInferenceService/ModelInfer",
            "--data={\"model_name\": \"lookup\", \"inputs\": [{\"name\": \"number\", \"datatype\":"
                + " \"INT64\", \"shape\": [1], \"contents\": {\"int64_contents\": [1]}}]}",
            "localhost:" + RestAssured.port);
    JsonNode report = new ObjectMapper().readTree(said);
    assertThat(report.path("statusCodeDistribution").properties())
        .as(said)
        .singleElement()
        .satisfies(status -> {
          assertThat(status.getKey()).isEqualTo("OK");
          assertThat(status.getValue().asInt()).isEqualTo(2000);
        });
  }
}
