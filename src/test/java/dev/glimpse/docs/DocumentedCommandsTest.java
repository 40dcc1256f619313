package dev.glimpse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.pull.Catalogue;
import dev.glimpse.support.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Something runs each command of the documents, as {@code documented-commands.txt} says, or the
 * list says why not; and the commands can run on Ubuntu 22.04 and macOS.
 */
class DocumentedCommandsTest {

  private static final Path LIST = Path.of("src/test/resources/documented-commands.txt");

  private static final Pattern NOT_PORTABLE =
      Pattern.compile("--json '|base64 -|sed -i|readlink -f|xargs -r|date -d|grep -P|\\bwget\\b");

  /** Tests that run a command and compare what it prints with the document. */
  private static final Set<String> COMPARING = Set.of("test FlowersIT", "test CommandsIT");

  /** A line of the list: what runs the commands of a document that begin with these words. */
  private record Entry(Path document, String beginning, String by) {

    static Entry of(String line) {
      String[] columns = line.split(" +\\| +", 3);
      assertThat(columns).as(line).hasSize(3);
      return new Entry(Path.of(columns[0]), columns[1], columns[2]);
    }

    boolean matches(DocumentedCommand command) {
      return command.document().equals(document) && command.text().startsWith(beginning);
    }
  }

  private static List<DocumentedCommand> commands;
  private static List<Entry> entries;

  @BeforeAll
  static void read() throws IOException {
    commands = DocumentedCommand.all();
    entries =
        Files.readAllLines(LIST).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Entry::of)
            .toList();
  }

  @Test
  void everyCommandIsListed() {
    assertThat(commands)
        .isNotEmpty()
        .allSatisfy(command ->
            assertThat(entries)
                .as("lines of " + LIST + " for " + command)
                .anyMatch(entry -> entry.matches(command)));
  }

  @Test
  void everyLineOfTheListMatchesACommand() {
    assertThat(entries)
        .allSatisfy(entry -> assertThat(commands).as(entry.toString()).anyMatch(entry::matches));
  }

  /**
   * A test that runs commands reads them from the document; a script reads them or repeats them.
   */
  @Test
  void whatRunsACommandReadsOrRepeatsIt() throws IOException {
    for (Entry entry : entries) {
      if (entry.by().startsWith("test ")) {
        assertThat(source(entry.by().substring("test ".length())))
            .as(entry.toString())
            .containsPattern("Documents\\.|DocumentedCommand\\.");
      } else if (entry.by().startsWith("script ")) {
        String script = Files.readString(Path.of(entry.by().substring("script ".length())));
        if (!script.contains("documents=(README.md)")) {
          assertThat(commands.stream().filter(entry::matches).map(DocumentedCommand::text))
              .as(entry.toString())
              .allMatch(command -> plain(script).contains(plain(command)));
        }
      } else {
        assertThat(entry.by()).startsWith("not run: ").hasSizeGreaterThan(20);
      }
    }
  }

  /** These tests find a command by the output below it, and would pass over one without. */
  @Test
  void whatIsComparedWithItsOutputHasIt() {
    Set<String> withOutput =
        commands.stream()
            .filter(DocumentedCommand::hasOutput)
            .map(DocumentedCommand::text)
            .collect(Collectors.toSet());
    assertThat(entries)
        .filteredOn(entry -> COMPARING.contains(entry.by()))
        .isNotEmpty()
        .allSatisfy(entry ->
            assertThat(commands.stream().filter(entry::matches).map(DocumentedCommand::text))
                .as(entry.toString())
                .allMatch(withOutput::contains));
  }

  @Test
  void commandsRunOnUbuntuAndMacOs() {
    assertThat(commands)
        .allSatisfy(command -> assertThat(command.text()).doesNotContainPattern(NOT_PORTABLE));
  }

  @Test
  void everyFileThatACommandSendsExists() {
    Pattern path = Pattern.compile("[ =]@(?!-)([\\w./-]+)");
    assertThat(commands.stream().flatMap(command -> path.matcher(command.text()).results()))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(Path.of(file.group(1))).exists());
  }

  @Test
  void everyModelThatIsPulledByNameIsInTheCatalogue() throws IOException {
    Pattern command = Pattern.compile("models pull ([\\w./-]+)");
    assertThat(command.matcher(Documents.text()).results().map((MatchResult r) -> r.group(1)))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(Catalogue.builtIn().find(name)).isPresent());
  }

  /** Leaves out how much Maven prints. */
  private static String plain(String script) {
    return script.replaceAll(" (--batch-mode|--no-transfer-progress|-q)(?= )", "");
  }

  private static String source(String test) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      Path file =
          files
              .filter(path -> path.endsWith(test + ".java"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("There is no test " + test + "."));
      return Files.readString(file);
    }
  }
}
