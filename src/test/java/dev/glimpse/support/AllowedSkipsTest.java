package dev.glimpse.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowedSkipsTest {

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

  /** An entry whose test was renamed would allow nothing, and nothing would say so. */
  @Test
  void listsOnlyTestsThatExist() throws IOException {
    Map<String, String> sources;
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      sources =
          files
              .filter(Files::isRegularFile)
              .collect(Collectors.toMap(f -> f.getFileName().toString(), AllowedSkipsTest::text));
    }
    for (AllowedSkips.Entry entry : AllowedSkips.read(SkipPolicy.LIST).entries()) {
      String[] name = entry.test().split("\\.");
      String source = sources.getOrDefault(name[0] + ".java", "");
      assertThat(source.contains("class " + name[0] + " ")).as(name[0]).isTrue();
      if (name.length > 1) {
        assertThat(source.contains("void " + name[1] + "(")).as(entry.test()).isTrue();
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private AllowedSkips read(String lines) throws IOException {
    return AllowedSkips.read(Files.writeString(folder.resolve("list"), lines));
  }
}
