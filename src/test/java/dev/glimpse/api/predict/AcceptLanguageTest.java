package dev.glimpse.api.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

  private static List<String> parsed(String header) {
    return AcceptLanguage.parse(header).stream()
        .map(range -> range.getRange() + "=" + range.getWeight())
        .toList();
  }
}
