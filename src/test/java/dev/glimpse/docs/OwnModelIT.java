package dev.glimpse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Curl;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Serves a model by the README's four commands, on the packaged application. */
@Timeout(120)
class OwnModelIT {

  @TempDir private Path clone;

  @Test
  void fourCommandsServeAModel() throws Exception {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    List<String> commands =
        DocumentedCommand.of(Path.of("README.md")).stream()
            .map(DocumentedCommand::text)
            .dropWhile(command -> !command.startsWith("mkdir my-models"))
            .limit(4)
            .toList();
    try (DocumentedSession session = new DocumentedSession(clone)) {
      session.run(commands.get(0));
      assertThat(session.run(commands.get(1))).contains("my-models/mine is mine, version 1");
      session.serve(commands.get(2));
      assertThat(session.run(commands.get(3)))
          .contains("\"model\":\"mine\"")
          .contains("\"label\":\"daisy\"");
    }
  }
}
