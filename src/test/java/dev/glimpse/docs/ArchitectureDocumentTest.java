package dev.glimpse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ARCHITECTURE.md names files and classes that exist, and draws dependencies that exist. */
class ArchitectureDocumentTest {

  private static final Path MAIN = Path.of("src/main/java/dev/glimpse");

  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern FILE = Pattern.compile("[\\w./-]+/[\\w.-]+\\.(java|py|tsv|md)");
  private static final Pattern TYPE = Pattern.compile("(?:[a-z]+\\.)*([A-Z]\\w+)(?:\\.java)?");

  /** A nested type, which has no file of its own. */
  private static final Set<String> NESTED = Set.of("Step");

  private static final Pattern NODE = Pattern.compile("(\\w+)\\[\"([^\":]+?)(?: :[^\"]*)?\"]");
  private static final Pattern ARROW = Pattern.compile("(\\w+)(?:\\[\"[^]]*])? --> (\\w+)");

  private static String document;

  @BeforeAll
  static void read() throws IOException {
    document = Files.readString(Path.of("ARCHITECTURE.md"));
  }

  /** A path is below the repository's root, or below the root package. */
  @Test
  void everyFileExists() {
    List<String> named = code().filter(name -> FILE.matcher(name).matches()).toList();
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(named.stream().filter(name -> !exists(name))).isEmpty();
  }

  @Test
  void everyTypeExists() throws IOException {
    Set<String> types = new TreeSet<>(NESTED);
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .forEach(name -> types.add(name.replace(".java", "")));
    }
    List<String> named =
        code()
            .map(TYPE::matcher)
            .filter(Matcher::matches)
            .map(name -> name.group(1))
            .filter(name -> !name.matches("[A-Z]+")) // POST and the like
            .toList();
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(named.stream().filter(name -> !types.contains(name))).isEmpty();
  }

  @Test
  void everyArrowIsADependency() {
    String diagram = document.substring(document.indexOf("flowchart"));
    diagram = diagram.substring(0, diagram.indexOf("```"));
    Map<String, String> names =
        NODE.matcher(diagram)
            .results()
            .collect(Collectors.toMap(node -> node.group(1), node -> node.group(2)));
    Set<String> dependencies = dependencies();

    List<MatchResult> arrows = ARROW.matcher(diagram).results().toList();
    assertThat(arrows).hasSizeGreaterThan(10);
    for (MatchResult arrow : arrows) {
      String from = packageOf(names.getOrDefault(arrow.group(1), ""));
      String to = packageOf(names.getOrDefault(arrow.group(2), ""));
      assertThat(dependencies).as(arrow.group()).contains(from + " " + to);
    }
  }

  /** The name of a package below the root, {@code api} for all in it; "" for the root's classes. */
  private static String packageOf(String node) {
    return node.startsWith("Classifier") ? "" : node.replace(".*", "").strip();
  }

  private static Set<String> dependencies() {
    Set<String> dependencies = new TreeSet<>();
    for (JavaClass origin :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.glimpse")) {
      origin.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType().getPackageName())
          .filter(target -> target.startsWith("dev.glimpse"))
          .forEach(target ->
              dependencies.add(topLevel(origin.getPackageName()) + " " + topLevel(target)));
    }
    return dependencies;
  }

  private static String topLevel(String packageName) {
    return packageName.replaceFirst("dev\\.glimpse\\.?", "").replaceFirst("\\..*", "");
  }

  private static boolean exists(String path) {
    return Files.exists(Path.of(path)) || Files.exists(MAIN.resolve(path));
  }

  private static Stream<String> code() {
    return CODE.matcher(document).results().map(name -> name.group(1));
  }
}
