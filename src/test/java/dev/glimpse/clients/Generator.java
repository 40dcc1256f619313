package dev.glimpse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Command;
import dev.glimpse.support.Documents;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** openapi-generator, by the commands of the README. */
final class Generator {

  private static final String PROGRAM = "java -jar target/openapi-generator-cli.jar ";

  /** Half of the time of such a short run goes into compiling it well. */
  private static final Map<String, String> QUICK =
      Map.of("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");

  private Generator() {}

  /**
   * Makes a client of the running server's document.
   *
   * @param language the generator's name
   * @return the folder with the client
   */
  static Path generate(String language) throws Exception {
    String command =
        Documents.text()
            .replaceAll("\\\\\n *", "")
            .lines()
            .filter(
                line -> line.startsWith(PROGRAM + "generate ") && language.equals(word("-g", line)))
            .findFirst()
            .orElseThrow()
            .replace("localhost:8080", "localhost:" + RestAssured.port);
    Path folder = Path.of(word("-o", command));
    delete(folder);
    assertThat(run(command)).doesNotContain(" ended with status ");
    assertThat(folder).isNotEmptyDirectory();
    return folder;
  }

  /** What it says of the running server's document. */
  static String validate() throws Exception {
    return run(
        PROGRAM + "validate --recommend -i http://localhost:" + RestAssured.port + "/q/openapi");
  }

  /** The one after an option. */
  private static String word(String option, String command) {
    List<String> words = List.of(command.split(" +"));
    return words.get(words.indexOf(option) + 1);
  }

  /** Arguments without quotes. */
  private static String run(String command) throws Exception {
    List<String> words = new ArrayList<>(List.of(command.split(" +")));
    words.set(0, Path.of(System.getProperty("java.home"), "bin", words.get(0)).toString());
    return Command.run(words, QUICK);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
