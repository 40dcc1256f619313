package dev.glimpse.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowedSkipsTest {

  private static final Pattern PARENT = Pattern.compile("class \\w+ extends (\\w+)");

  private static final Pattern NEEDS_EXTERNAL_DATA =
      Pattern.compile("(?s)\\n  @EnabledIfExternalData\\(.*?\\bvoid (\\w+)\\(");

  @TempDir Path folder;

  @Test
  void listsAClassOrAMethodWithPartOfItsMessage() throws IOException {
    AllowedSkips skips = read("# comment\n\nATest | no curl | why\nBTest.one  |  slow  |  why\n");

    assertThat(skips.contains("ATest", "there is no curl")).isTrue();
    assertThat(skips.contains("ATest.one", "no curl here")).isTrue();
    assertThat(skips.contains("ATest.one", "no python")).isFalse();
    assertThat(skips.contains("ATestOfAll.one", "no curl")).isFalse();
    assertThat(skips.contains("BTest.one", "slow")).isTrue();
    assertThat(skips.contains("BTest.oneMore", "slow")).isFalse();
    assertThat(skips.contains("BTest", "slow")).isFalse();
  }

  @Test
  void requiresAReason() {
    assertThatThrownBy(() -> read("ATest | no curl")).hasMessageContaining("test | words | why");
  }

  /** An entry for a renamed test would allow nothing, without any error. */
  @Test
  void listsOnlyTestsThatExist() throws IOException {
    Map<String, String> sources = sources();
    for (AllowedSkips.Entry entry : AllowedSkips.read(SkipPolicy.LIST).entries()) {
      String[] name = entry.test().split("\\.");
      String source = sources.getOrDefault(name[0], "");
      assertThat(source.contains("class " + name[0] + " ")).as(name[0]).isTrue();
      if (name.length > 1) {
        Matcher parent = PARENT.matcher(source);
        String inherited = parent.find() ? sources.getOrDefault(parent.group(1), "") : "";
        assertThat(source + inherited).as(entry.test()).contains("void " + name[1] + "(");
      }
    }
  }

  /** An entry for a whole class would also allow tests that need no external data. */
  @Test
  void listsExactlyTheMethodsThatNeedExternalData() throws IOException {
    List<String> needing = new ArrayList<>();
    sources()
        .forEach((type, source) ->
            NEEDS_EXTERNAL_DATA
                .matcher(source)
                .results()
                .forEach(method -> needing.add(type + "." + method.group(1))));

    assertThat(AllowedSkips.read(SkipPolicy.LIST).entries())
        .filteredOn(entry -> entry.words().equals("external test data"))
        .extracting(AllowedSkips.Entry::test)
        .containsExactlyInAnyOrderElementsOf(needing);
  }

  private static Map<String, String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .filter(Files::isRegularFile)
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  AllowedSkipsTest::text));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private AllowedSkips read(String lines) throws IOException {
    return AllowedSkips.read(Files.writeString(folder.resolve("list"), lines));
  }
}
