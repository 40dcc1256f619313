package dev.glimpse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of docs/operations.md that change levels of the log. */
@Timeout(120)
class OperationsIT {

  @TempDir Path clone;

  @Test
  void levelIsChangedAndShown() throws Exception {
    List<String> commands =
        DocumentedCommand.of(Path.of("docs/operations.md")).stream()
            .map(DocumentedCommand::text)
            .filter(command -> command.contains("/q/log/levels"))
            .toList();
    assertThat(commands).hasSize(2);
    try (DocumentedSession session = new DocumentedSession(clone)) {
      session.set("GLIMPSE_ADMIN_TOKEN", "sesame-open-sesame-open");
      session.set("GLIMPSE_DRAIN_QUIET", "0s");
      session.serve(
          "java -Dglimpse.models.path=src/test/resources/models -jar"
              + " target/quarkus-app/quarkus-run.jar");
      for (String command : commands) {
        assertThat(session.run(command))
            .isEqualTo("{\"levels\":{\"dev.glimpse.remote\":\"DEBUG\"}}");
      }
    }
  }
}
