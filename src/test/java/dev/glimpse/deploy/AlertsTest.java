package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.docs.DocumentedCommand;
import dev.glimpse.support.Command;
import dev.glimpse.support.RealPrometheus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertsTest {

  private static final Path RUNBOOK = Path.of("docs/runbook.md");

  private static final Pattern SECTION = Pattern.compile("(?m)^## (Glimpse\\w+)$");

  /** The second runs alerts-test.yaml: each alert fires when it should, and only then. */
  @Test
  void theDocumentsCommandsFindNothing() throws Exception {
    RealPrometheus.require();
    List<String> commands =
        DocumentedCommand.of(Path.of("docs/operations.md")).stream()
            .map(DocumentedCommand::text)
            .filter(command -> command.startsWith("promtool "))
            .toList();
    assertThat(commands)
        .hasSize(2)
        .anyMatch(command -> command.endsWith(AlertRules.FILE.toString()))
        .anyMatch(command -> command.endsWith(AlertRules.TEST.toString()));
    for (String command : commands) {
      assertThat(Command.run(command.split(" ")))
          .as(command)
          .contains("SUCCESS")
          .doesNotContain("ended with status", "FAILED");
    }
  }

  /** Each fires in one case, with its texts, and does not in another. */
  @Test
  void everyAlertIsTestedBothWays() {
    Set<String> firing = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    for (JsonNode test : AlertRules.read(AlertRules.TEST).path("tests")) {
      for (JsonNode check : test.path("alert_rule_test")) {
        (check.path("exp_alerts").isEmpty() ? silent : firing)
            .add(check.path("alertname").asText());
      }
    }
    assertThat(firing).containsExactlyInAnyOrderElementsOf(AlertRules.names());
    assertThat(silent).containsExactlyInAnyOrderElementsOf(AlertRules.names());
  }

  @Test
  void everyAlertSaysWhatIsWrongHowBadItIsAndWhereToReadOn() {
    assertThat(AlertRules.alerts())
        .hasSizeGreaterThan(10)
        .allSatisfy(alert -> {
          String name = alert.path("alert").asText();
          assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
          assertThat(alert.at("/annotations/summary").asText()).as(name).endsWith(".");
          assertThat(alert.at("/annotations/description").asText()).as(name).endsWith(".");
          assertThat(alert.at("/annotations/runbook_url").asText())
              .isEqualTo("https://example.com/glimpse/docs/runbook.md#" + section(name));
        });
  }

  /** An operator puts the address of his own copy of the runbook into all rules, by one command. */
  @Test
  void theDocumentsCommandSetsTheAddressOfTheRunbook(@TempDir Path folder) throws Exception {
    DocumentedCommand command =
        DocumentedCommand.of(Path.of("docs/operations.md")).stream()
            .filter(any -> any.text().startsWith("sed "))
            .findFirst()
            .orElseThrow();
    Path rules = folder.resolve("alerts.yaml");
    Command.run("sh", "-c", command.text().replace("> alerts.yaml", "> '" + rules + "'"));

    assertThat(Files.readString(rules)).doesNotContain("runbook_url: https://example.com");
    Map<String, String> addresses = new TreeMap<>();
    AlertRules.read(rules)
        .findParents("alert")
        .forEach(alert ->
            addresses.put(
                alert.path("alert").asText(), alert.at("/annotations/runbook_url").asText()));
    assertThat(addresses.keySet()).containsExactlyInAnyOrderElementsOf(AlertRules.names());
    addresses.forEach((name, address) ->
        assertThat(address)
            .isEqualTo("https://wiki.example.org/glimpse/runbook.md#" + section(name)));
  }

  private static String section(String alert) {
    return alert.toLowerCase(Locale.ROOT);
  }

  @Test
  void everyAlertHasASectionOfTheRunbookAndEverySectionAnAlert() throws Exception {
    String text = Files.readString(RUNBOOK);
    Set<String> sections =
        SECTION
            .matcher(text)
            .results()
            .map(heading -> heading.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(sections).containsExactlyInAnyOrderElementsOf(AlertRules.names());
    assertThat(text.split("(?m)^## "))
        .allSatisfy(section -> assertThat(section).hasSizeGreaterThan(200));
  }
}
