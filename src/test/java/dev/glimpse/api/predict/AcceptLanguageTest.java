package dev.glimpse.api.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.glimpse.postprocess.Labels;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale.LanguageRange;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptLanguageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zh | zh=1.0",
        "fr;q=0.2, zh;q=0.9 | zh=0.9 fr=0.2",
        "en, zh | en=1.0 zh=1.0",
        "en-US;q=0.8,\tzh ; q=0.9 | zh=0.9 en-us=0.8",
        "zh_CN | zh-cn=1.0",
        "zh-Hans-CN;Q=1 | zh-hans-cn=1.0",
        "en,,zh, | en=1.0 zh=1.0",
        "*;q=0 | *=0.0",
      })
  void whatTheReaderAsksForBestFirst(String header, String ranges) {
    assertThat(parsed(header)).containsExactly(ranges.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-",
        "--",
        "-;q=0.5",
        "en-",
        "en;q=7",
        "en;q=",
        "e1",
        "en;q=0.5;q=0.1",
        "雏菊",
        "**",
        "*a",
        "a*",
        "en-1*",
        "abcdefghi",
        "en-abcdefghi",
        "en;q=0.1234567890",
        ";",
        "en;"
      })
  void whatCannotBeReadSpoilsNothing(String element) {
    assertThat(parsed(element)).isEmpty();
    assertThat(parsed("zh;q=0.5, " + element)).containsExactly("zh=0.5");
  }

  @Test
  void othersThatMeanTheSame() {
    assertThat(parsed("he")).containsExactly("he=1.0", "iw=1.0");
  }

  @Test
  void noHeader() {
    assertThat(AcceptLanguage.parse(null)).isEmpty();
    assertThat(AcceptLanguage.parse("")).isEmpty();
  }

  @Test
  void wildcardSubtag() {
    assertThat(parsed("zh-*-tw")).containsExactly("zh-*-tw=1.0");
  }

  @Test
  void rangesAndSubtagsBeyondTheLimitsAreIgnored() {
    assertThat(parsed("en" + "-a".repeat(7))).hasSize(1);
    assertThat(parsed("en" + "-a".repeat(8))).isEmpty();
    assertThat(parsed("xx,".repeat(40) + "zh")).hasSize(32).doesNotContain("zh=1.0");
  }

  /** Each cost seconds, or a stack overflow, as the parser backtracked or recursed. */
  @ParameterizedTest
  @ValueSource(
      strings = {"-a", "a-", " ", "\t ", ",", ";", "*-", "-*", "a", "zh-a-b,", ";q=", "1."})
  void hostileHeadersTakeLinearTime(String part) {
    String header = "zh-TW" + part.repeat(1 << 20) + ";q=0.5,en";

    List<LanguageRange> ranges =
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> AcceptLanguage.parse(header));

    Labels labels = new Labels(List.of("daisy"), Map.of("zh", List.of("雏菊")));
    assertTimeoutPreemptively(Duration.ofSeconds(1), () -> labels.lookup(ranges));
  }

  /** Everything within the limits at once, as the lookup's cost grows with both. */
  @Test
  void longestHeaderIsLookedUpAtOnce() {
    String header = String.join(",", Collections.nCopies(5000, "ab-*-c-d-e-f-g-h"));
    Labels labels = new Labels(List.of("daisy"), Map.of("zh", List.of("雏菊")));

    assertTimeoutPreemptively(
        Duration.ofSeconds(1), () -> labels.lookup(AcceptLanguage.parse(header)));
  }

  private static List<String> parsed(String header) {
    return AcceptLanguage.parse(header).stream()
        .map(range -> range.getRange() + "=" + range.getWeight())
        .toList();
  }
}
