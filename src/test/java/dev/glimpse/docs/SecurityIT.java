package dev.glimpse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Curl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Protects the service by the commands of docs/security.md, on the packaged application. */
@Timeout(120)
class SecurityIT {

  @TempDir private Path clone;

  @Test
  void aKeyIsMadeAndAskedFor() throws Exception {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    List<String> commands = commandsFrom(" keys new ", 4);
    try (DocumentedSession session = new DocumentedSession(clone)) {
      Matcher key = Pattern.compile("glimpse_\\S+").matcher(session.run(commands.get(0)));
      assertThat(key.find()).isTrue();
      session.set("KEY", key.group());
      session.serve(commands.get(1));
      assertThat(session.run(commands.get(2))).contains("\"status\":401");
      assertThat(session.run(commands.get(3))).contains("\"label\":\"daisy\"");
    }
  }

  @Test
  void whatOperatorsReadHasAPortOfItsOwn() throws Exception {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    List<String> commands = commandsFrom("GLIMPSE_MANAGEMENT_LISTEN", 3);
    try (DocumentedSession session = new DocumentedSession(clone)) {
      session.serve(commands.get(0));
      assertThat(session.run(commands.get(1))).contains("\"status\": \"UP\"");
      assertThat(session.run(commands.get(2))).contains("\"status\":404");
    }
  }

  /** Returns the document's next commands, from the first that holds a text. */
  private static List<String> commandsFrom(String first, int count) throws IOException {
    return DocumentedCommand.of(Path.of("docs/security.md")).stream()
        .map(DocumentedCommand::text)
        .dropWhile(command -> !command.contains(first))
        .limit(count)
        .toList();
  }
}
