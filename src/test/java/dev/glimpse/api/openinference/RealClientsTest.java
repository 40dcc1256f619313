package dev.glimpse.api.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Command;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Python;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the clients that people have, Triton's and KServe's own: {@code ./mvnw test
 * -Dtest=RealClientsTest -DexcludedGroups=}. Most of its minute goes into installing them.
 */
@Tag("clients")
@QuarkusTest
@TestProfile(TensorModels.class)
class RealClientsTest {

  private static final Path SCRIPTS = Path.of("src/test/clients");

  @ParameterizedTest
  @ValueSource(strings = {"triton.py", "kserve_rest.py", "triton_grpc.py", "kserve_grpc.py"})
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
}
