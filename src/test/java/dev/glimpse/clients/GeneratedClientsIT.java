package dev.glimpse.clients;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.clients.GeneratedClient.Program;
import dev.glimpse.support.Command;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that are made of the OpenAPI document of the packaged application do what their users
 * want of them, with types for what went wrong, too.
 */
@Tag("clients")
@QuarkusIntegrationTest
@TestProfile(GeneratedClientsIT.TwoPlaces.class)
class GeneratedClientsIT {

  private static final String DAISY = Fixtures.RESOURCES.resolve("images/daisy.jpg").toString();
  private static final String NO_PICTURE = "README.md";
  private static final String ID = "\\([0-9a-f-]{36}\\)";
  private static final String REFUSED =
      "415 urn:glimpse:problem:unsupported-media-type Unsupported media type\n"
          + "The bytes match no image format that is known\\. .+ "
          + ID;

  /** One worker and one place in the queue, for as long as a test likes. */
  public static class TwoPlaces implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "glimpse.models.path", Path.of("models").toAbsolutePath().toString(),
          "glimpse.workers.count", "1",
          "glimpse.queue.size", "1",
          "glimpse.queue.body-timeout", "10m",
          "glimpse.http.min-rate", "0", // slow bodies keep their slots
          "glimpse.deadline.default", "10m",
          "glimpse.deadline.max", "10m");
    }
  }

  @Test
  void theDocumentIsValid() throws Exception {
    assertThat(Generator.validate()).endsWith("No validation issues detected.");
  }

  @Test
  void theDocumentAndItsExamplesAreValidByTheSchemaOfSchemas() throws Exception {
    String said =
        Command.run(
            PythonClient.python().program("python"),
            GeneratedClient.PROGRAMS.resolve("document.py").toString(),
            server() + "/q/openapi");
    assertThat(said).matches("valid, with \\d{3} examples");
  }

  static Stream<GeneratedClient> clients() {
    return Stream.of(new JavaClient(), new TypeScriptClient(), new PythonClient());
  }

  @ParameterizedTest
  @MethodSource("clients")
  void doesWhatItsUsersWant(GeneratedClient client) throws Exception {
    Program program = client.compile();

    assertThat(program.run(server(), "1", DAISY)).isEqualTo("daisy 0.99");
    assertThat(program.run(server(), "1", NO_PICTURE)).matches(REFUSED);
    assertThat(program.run(server(), "1", DAISY, NO_PICTURE)).matches("daisy 0\\.99\n" + REFUSED);
    assertThat(program.run(server(), "100", DAISY))
        .matches(
            "400 urn:glimpse:problem:invalid-parameter Invalid parameter\n"
                + "top_k .+ "
                + ID
                + "\ntop_k: .+");
    assertThat(whereThereIsNoPlace(program))
        .matches(
            "503 urn:glimpse:problem:overloaded Overloaded\n.+ " + ID + "\nagain in [1-9]\\d* s");
  }

  /** Both places are taken, by bodies that do not come. */
  private static String whereThereIsNoPlace(Program program) throws Exception {
    try (RawConnection first = new RawConnection(RestAssured.port);
        RawConnection second = new RawConnection(RestAssured.port)) {
      for (RawConnection connection : List.of(first, second)) {
        connection.head("Content-Type: image/jpeg\r\nContent-Length: 1000");
      }
      awaitTaken(2);
      return program.run(server(), "1", DAISY);
    } finally {
      awaitTaken(0);
    }
  }

  private static void awaitTaken(int places) {
    String sample = "glimpse_permits_taken " + places + ".0\n";
    await().until(() -> RestAssured.get("/q/metrics").asString().contains(sample));
  }

  private static String server() {
    return "http://localhost:" + RestAssured.port;
  }
}
