package dev.glimpse.docs;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Curl;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs a prediction by the commands of docs/prediction-log.md, on the packaged application. */
@Timeout(120)
class PredictionLogIT {

  @TempDir private Path clone;

  @Test
  void aPredictionIsALineOfAFile() throws Exception {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    List<String> commands =
        DocumentedCommand.of(Path.of("docs/prediction-log.md")).stream()
            .map(DocumentedCommand::text)
            .dropWhile(command -> !command.equals("mkdir prediction-log"))
            .limit(4)
            .toList();
    try (DocumentedSession session = new DocumentedSession(clone)) {
      session.run(commands.get(0));
      session.serve(commands.get(1));
      session.run(commands.get(2));
      Path log = clone.resolve("prediction-log/predictions.jsonl");
      await().until(() -> log.toFile().length() > 0);
      assertThat(session.run(commands.get(3)))
          .startsWith("{\"specversion\":\"1.0\"")
          .contains("\"type\":\"dev.glimpse.prediction\"", "\"label\":\"daisy\"");
    }
  }
}
