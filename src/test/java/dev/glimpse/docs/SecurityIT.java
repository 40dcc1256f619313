package dev.glimpse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Command;
import dev.glimpse.support.Curl;
import dev.glimpse.support.Python;
import dev.glimpse.support.RealRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Protects the service by the commands of docs/security.md, on the packaged application. */
@Timeout(120)
class SecurityIT {

  private static final String PREDICT =
      "curl -s -F file=@src/test/resources/images/daisy.jpg http://localhost:8080/predict";

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

  @Test
  @Tag("clients")
  void aModelIsSignedAndLoaded() throws Exception {
    String installed = Python.with(Path.of("src/test/clients/security.txt")).program("");
    Command.require("openssl", "version");
    List<String> commands = commandsFrom("cp -r models/ ", 6);
    try (DocumentedSession session = new DocumentedSession(clone)) {
      session.set("PATH", installed + ":" + System.getenv("PATH"));
      for (String command : commands.subList(0, 4)) {
        session.run(command);
      }
      assertThat(session.run(commands.get(4)))
          .containsPattern("flowers .* by the key [0-9a-f]{16} ");
      session.serve(commands.get(5));
      assertThat(session.run(PREDICT)).contains("\"label\":\"daisy\"");

      Path labels = clone.resolve("signed-models/flowers/1/labels.zh.txt");
      Files.writeString(labels, "rose", StandardOpenOption.APPEND);
      assertThat(session.run(commands.get(4) + " || true"))
          .contains("labels.zh.txt is not the file that was signed");
    }
  }

  @Test
  void instancesShareARedis() throws Exception {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    List<String> commands = commandsFrom("GLIMPSE_REDIS_URL", 2);
    try (RealRedis redis = RealRedis.start();
        DocumentedSession session = new DocumentedSession(clone)) {
      session.serve(commands.get(0).replace("redis://localhost:6379", redis.url()));
      String response = session.run(commands.get(1));
      assertThat(response).contains("\"label\":\"daisy\"").contains("RateLimit-Limit: 100");
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
