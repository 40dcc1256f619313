package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.pull.Catalogue;
import dev.glimpse.support.Documents;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents say of settings and files is so. */
class ReadmeTest {

  @Test
  void theTableOfSettingsIsTheCodes() throws Exception {
    Map<String, String> documented = new TreeMap<>();
    Pattern row = Pattern.compile("\\| `(glimpse\\.[a-z.<>-]+)` \\| (?:`([^`]*)`)? *\\| .+ \\|");
    row.matcher(Documents.text())
        .results()
        .forEach(r -> documented.put(r.group(1), String.valueOf(r.group(2))));

    Map<String, String> real = new TreeMap<>();
    collect("glimpse", GlimpseConfig.class, real);
    assertThat(documented).isEqualTo(real);
  }

  static Stream<Path> documents() throws Exception {
    Stream<Path> others =
        Stream.of(
                "ARCHITECTURE.md",
                "CONTRIBUTING.md",
                "SECURITY.md",
                "bench/RESULTS.md",
                "models/README.md",
                "models/training/README.md",
                "models/flowers/1/MODEL_CARD.md",
                "deploy/README.md",
                "bench/README.md",
                "src-native-config/README.md",
                "src/test/golden/README.md")
            .map(Path::of);
    return Stream.concat(Documents.paths().stream(), others);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkedFileIsThere(Path document) throws Exception {
    Pattern link = Pattern.compile("]\\((?!https?:)([^)#]+)");
    Path folder = document.toAbsolutePath().getParent();
    assertThat(link.matcher(Files.readString(document)).results().map(r -> r.group(1)))
        .allSatisfy(target -> assertThat(folder.resolve(target)).exists());
  }

  @Test
  void everyFileThatACommandNamesIsThere() throws Exception {
    Pattern path = Pattern.compile("[ =]@(?!-)([\\w./-]+)");
    assertThat(path.matcher(Documents.text()).results().map((MatchResult r) -> r.group(1)))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(Path.of(file)).exists());
  }

  @Test
  void everyModelThatIsPulledByNameIsInTheCatalogue() throws Exception {
    Pattern command = Pattern.compile("models pull ([\\w./-]+)");
    assertThat(command.matcher(Documents.text()).results().map((MatchResult r) -> r.group(1)))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(Catalogue.own().find(name)).isPresent());
  }

  private static void collect(String prefix, Class<?> type, Map<String, String> settings) {
    for (Method member : type.getMethods()) {
      WithName given = member.getAnnotation(WithName.class);
      String name =
          given != null
              ? given.value()
              : member.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
      String key = member.isAnnotationPresent(WithParentName.class) ? prefix : prefix + "." + name;
      if (member.getGenericReturnType() instanceof ParameterizedType map
          && map.getRawType() == Map.class) {
        collect(key + ".<model>", (Class<?>) map.getActualTypeArguments()[1], settings);
      } else if (member.getReturnType().getEnclosingClass() == GlimpseConfig.class) {
        collect(key, member.getReturnType(), settings);
      } else {
        WithDefault value = member.getAnnotation(WithDefault.class);
        settings.put(key, value == null ? "null" : value.value());
      }
    }
  }
}
