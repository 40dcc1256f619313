package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.support.Command;
import dev.glimpse.support.GoProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard is one that Grafana can import; PrometheusIT runs its queries. */
class DashboardTest {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");

  private static final int COLUMNS = 24;

  @TempDir private Path folder;

  @Test
  void namesItselfAndItsFormat() {
    JsonNode dashboard = Dashboard.read();
    assertThat(dashboard.path("uid").asText()).isEqualTo("glimpse");
    assertThat(dashboard.path("title").asText()).isEqualTo("Glimpse");
    assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThan(30);
    assertThat(dashboard.path("id").isNull()).as("an id is another installation's").isTrue();
  }

  @Test
  void panelsAreComplete() {
    Set<Integer> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    assertThat(Dashboard.panels())
        .hasSizeGreaterThan(40)
        .allSatisfy(panel -> {
          String title = panel.path("title").asText();
          assertThat(title).isNotBlank();
          assertThat(titles.add(title)).as("only one is called %s", title).isTrue();
          assertThat(ids.add(panel.path("id").intValue())).as(title).isTrue();
          if (!panel.path("type").asText().equals("row")) {
            assertThat(panel.at("/datasource/uid").asText()).as(title).isEqualTo("${datasource}");
            assertThat(panel.path("targets")).as(title).isNotEmpty();
            assertThat(panel.path("targets").findValuesAsText("refId"))
                .as(title)
                .doesNotHaveDuplicates();
          }
        });
  }

  @Test
  void panelsDoNotOverlap() {
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonNode panel : Dashboard.panels()) {
      JsonNode at = panel.path("gridPos");
      int right = at.path("x").intValue() + at.path("w").intValue();
      assertThat(right).as(panel.path("title").asText()).isBetween(1, COLUMNS);
      for (int x = at.path("x").intValue(); x < right; x++) {
        for (int y = 0; y < at.path("h").intValue(); y++) {
          assertThat(taken.add(List.of(x, y + at.path("y").intValue())))
              .as("nothing else is where \"%s\" is", panel.path("title").asText())
              .isTrue();
        }
      }
    }
  }

  @Test
  void everyVariableThatIsUsedIsThere() {
    JsonNode dashboard = Dashboard.read();
    List<String> defined = new ArrayList<>();
    dashboard.at("/templating/list").forEach(one -> defined.add(one.path("name").asText()));
    assertThat(defined).containsExactly("datasource", "job", "namespace", "model");

    Set<String> used = new TreeSet<>();
    String text = dashboard.toString();
    VARIABLE.matcher(text).results().map((MatchResult use) -> use.group(1)).forEach(used::add);
    used.remove("__all");
    used.remove("__rate_interval");
    assertThat(used).isEqualTo(new TreeSet<>(defined));
  }

  /** The schema is that of Grafana's SDK; each misspelt name of a field is found, too. */
  @Test
  @Tag("clients")
  void grafanasOwnSchemaFindsNothing() throws Exception {
    String program = GoProgram.compile(Path.of("src/test/clients/dashboard"));
    assertThat(check(program, Dashboard.FILE)).isEmpty();

    String text = Files.readString(Dashboard.FILE);
    for (String field :
        List.of("legendFormat", "colorMode", "fillOpacity", "gridPos", "schemaVersion")) {
      Path wrong =
          Files.writeString(
              folder.resolve(field), text.replaceFirst("\"" + field + "\"", "\"" + field + "s\""));
      assertThat(check(program, wrong)).contains("'" + field + "s'");
    }
  }

  private static String check(String program, Path dashboard) throws Exception {
    return Command.run("sh", "-c", "'%s' < '%s'".formatted(program, dashboard));
  }

  /** Another service may have metrics of the same names. */
  @Test
  void everyQuerySelectsTheJob() {
    Pattern selector = Pattern.compile("\\{[^}]*}");
    assertThat(Dashboard.queries())
        .hasSizeGreaterThan(50)
        .allSatisfy(query -> {
          assertThat(selector.matcher(query.expression()).results())
              .as(query.expression())
              .isNotEmpty()
              .allSatisfy(one ->
                  assertThat(one.group()).contains("job=~\"$job\"", "namespace=~\"$namespace\""));
          assertThat(query.expression()).doesNotContainPattern("glimpse_\\w+(?![\\w{])");
        });
  }
}
