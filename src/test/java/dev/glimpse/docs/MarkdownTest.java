package dev.glimpse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks links, anchors, settings, package names and words in the Markdown documents. */
class MarkdownTest {

  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(?:#([^)]*))?\\)");
  private static final Pattern KEY = Pattern.compile("glimpse(?:\\.[a-z][a-z-]*)+");
  private static final Pattern VARIABLE = Pattern.compile("\\bGLIMPSE_[A-Z_]+[A-Z]");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");

  /** The names of files, which look like settings. */
  private static final Set<String> FILES =
      Set.of("glimpse.cdx.json", "glimpse.json", "glimpse.aot", "glimpse.jsa");

  /** The names of attributes of spans, and a subprotocol's beginning, which look like settings. */
  private static final Set<String> ATTRIBUTES =
      Set.of("glimpse.model.name", "glimpse.model.version", "glimpse.request.id", "glimpse.key");

  /** A row of ARCHITECTURE.md's table of packages begins with one or more of them. */
  private static final Pattern PACKAGES =
      Pattern.compile("(?m)^\\| (`[a-z.]+`(?:, `[a-z.]+`)*) \\|");

  static List<Path> markdown() throws IOException {
    return Documents.all();
  }

  @ParameterizedTest
  @MethodSource("markdown")
  void everyRelativeLinkAndAnchorResolves(Path document) throws IOException {
    List<String> broken = new ArrayList<>();
    for (MatchResult link : LINK.matcher(prose(document)).results().toList()) {
      Path target =
          link.group(1).isEmpty()
              ? document
              : document.toAbsolutePath().getParent().resolve(link.group(1));
      if (!Files.exists(target)
          || link.group(2) != null && !anchors(target).contains(link.group(2))) {
        broken.add(link.group());
      }
    }
    assertThat(broken).isEmpty();
  }

  /** The table in docs/configuration.md is complete, which {@link SettingsTableTest} checks. */
  @Test
  void everySettingInTheDocumentsExists() throws IOException {
    Set<String> settings = settings();
    assertThat(settings).isNotEmpty();
    List<String> unknown = new ArrayList<>();
    for (Path document : documents()) {
      String text = Files.readString(document);
      KEY.matcher(text)
          .results()
          .map(MatchResult::group)
          .filter(key -> !FILES.contains(key) && !ATTRIBUTES.contains(key))
          .filter(key -> settings.stream().noneMatch(s -> matches(s, key)))
          .filter(key -> !text.contains("dev." + key))
          .forEach(key -> unknown.add(document + ": " + key));
      VARIABLE
          .matcher(text)
          .results()
          .map(MatchResult::group)
          .filter(name -> !name.equals("GLIMPSE_TEST_ASSETS"))
          .filter(name -> settings.stream().noneMatch(s -> name.matches(variable(s))))
          .forEach(name -> unknown.add(document + ": " + name));
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.readString(Path.of("README.md")).trim().split("\\s+"))
        .hasSizeLessThanOrEqualTo(1100);
  }

  @Test
  void theReadmeAndDocsAreInPlainEnglish() throws IOException {
    assertThat(Documents.text())
        .doesNotContainPattern("(?i)\\b(nobody|somebody|whoever|noughts|mend)\\b")
        .doesNotContain("curl --json", "curl -s --json", "base64 -w");
  }

  @Test
  void architectureNamesEveryPackageAndNoOther() throws IOException {
    Set<String> named = new TreeSet<>();
    for (MatchResult row :
        PACKAGES.matcher(Files.readString(Path.of("ARCHITECTURE.md"))).results().toList()) {
      for (String name : row.group(1).replace("`", "").split(", ")) {
        named.add(name.equals("dev.glimpse") ? "" : name);
      }
    }
    Path root = Path.of("src/main/java/dev/glimpse");
    try (Stream<Path> files = Files.walk(root)) {
      assertThat(named)
          .isEqualTo(
              files
                  .filter(file -> file.endsWith("package-info.java"))
                  .map(file -> root.relativize(file.getParent()).toString().replace('/', '.'))
                  .collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  private static List<Path> documents() throws IOException {
    return Stream.concat(
            Documents.paths().stream(),
            Stream.of("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md")
                .map(Path::of))
        .toList();
  }

  private static Set<String> settings() throws IOException {
    return Pattern.compile("(?m)^\\| `(glimpse\\.[a-z.<>-]+)`")
        .matcher(Files.readString(Path.of("docs/configuration.md")))
        .results()
        .map(row -> row.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether it is the setting, a group of settings, or the setting of a model that is named. */
  private static boolean matches(String setting, String key) {
    return setting.equals(key)
        || setting.startsWith(key + ".")
        || key.matches(Pattern.quote(setting).replace("<model>", "\\E[a-z-]+\\Q"));
  }

  private static String variable(String setting) {
    return setting.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_").replace("<MODEL>", "[A-Z_]+");
  }

  private static Set<String> anchors(Path document) throws IOException {
    return HEADING
        .matcher(FENCED.matcher(Files.readString(document)).replaceAll(""))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static String prose(Path document) throws IOException {
    return FENCED.matcher(Files.readString(document)).replaceAll("");
  }
}
