package dev.glimpse.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.ChangingModels;
import dev.glimpse.support.Command;
import dev.glimpse.support.Python;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Schemathesis, which makes requests of all kinds out of the OpenAPI document, finds no fault of
 * ours and no answer that the document does not know. It takes minutes, so it is asked for: {@code
 * ./mvnw test -Dtest=SchemathesisTest -Dschemathesis}.
 */
@QuarkusTest
@TestProfile(TensorModels.class)
@EnabledIfSystemProperty(named = "schemathesis", matches = ".*", disabledReason = "takes minutes")
class SchemathesisTest {

  @Test
  void everyAnswerIsDocumented() throws Exception {
    Python python = Python.with(Path.of("src/test/clients/schemathesis.txt"));
    String said =
        Command.run(
            python.program("schemathesis"),
            "run",
            "http://localhost:" + RestAssured.port + "/q/openapi",
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,"
                + "response_headers_conformance,response_schema_conformance",
            "--wait-for-schema=60",
            "--request-timeout=60",
            "--header=grpc-timeout: 60S", // or it asks for an answer within a millisecond
            "--header=x-envoy-expected-rq-timeout-ms: 60000",
            "--max-examples=20",
            "--seed=1",
            "--generation-database=none",
            "--header=Authorization: Bearer " + ChangingModels.TOKEN,
            "--include-path-regex=" + paths(),
            "--no-color");
    assertThat(said).doesNotContain("ended with status");
  }

  /** The addresses to ask, as a regular expression. */
  String paths() {
    return ".*";
  }
}
