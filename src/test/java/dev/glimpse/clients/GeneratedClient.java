package dev.glimpse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A generated client, and a program as users write it with one. */
interface GeneratedClient {

  /** The programs, and what they need. */
  Path PROGRAMS = Path.of("src/test/clients/generated");

  /**
   * Generates it for the running server and compiles all of it, with the program. The test is
   * skipped, with the reason, where that language is not here.
   *
   * @return a command; it wants the server, how many classes to name, and pictures
   */
  Program compile() throws Exception;

  /** A command and its environment. */
  record Program(List<String> command, Map<String, String> environment) {

    String run(String... arguments) throws Exception {
      List<String> all = new ArrayList<>(command);
      all.addAll(List.of(arguments));
      return Command.run(all, environment);
    }
  }

  static void good(String said) {
    assertThat(said).doesNotContain(" ended with status ");
  }
}
