package dev.glimpse.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest {

  private final Labels labels =
      new Labels(List.of("daisy", "rose"), Map.of("zh", List.of("雏菊", "玫瑰")));

  @Test
  void everyLanguage() {
    assertThat(labels.count()).isEqualTo(2);
    assertThat(labels.languages()).containsExactly("en", "zh");
    assertThat(labels.in("en")).containsExactly("daisy", "rose");
    assertThat(labels.in("zh")).containsExactly("雏菊", "玫瑰");
  }

  @Test
  void aTranslationMayReplaceTheModelsOwn() {
    assertThat(new Labels(List.of("n01"), Map.of("en", List.of("tench"))).in("en"))
        .containsExactly("tench");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zh | zh",
        "zh-CN | zh",
        "zh-Hans-CN,en;q=0.5 | zh",
        "fr,zh;q=0.3 | zh",
        "fr;q=0.9,en;q=0.8,zh;q=0.1 | en",
        "ZH | zh",
        "fr |",
        "* | en",
        "fr, *;q=0.1 | en",
        "zh;q=0 |",
        "zh;q=0, *;q=0.5 | en",
        "en;q=0, * | zh",
        "en;q=0, zh-TW;q=0.1 | zh",
        "zh;q=0.2, en;q=0.9 | en",
      })
  void theBestLanguageForAReader(String acceptLanguage, String found) {
    assertThat(labels.lookup(Locale.LanguageRange.parse(acceptLanguage)).orElse(null))
        .isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pt | pt-br",
        "pt-BR | pt-br",
        "pt-PT, en;q=0.1 | en",
        "fr, pt;q=0.8, en;q=0.5 | pt-br",
        "zh | zh-hans",
        "zh-Hans-CN | zh-hans",
      })
  void anotherRegionIsBetterThanNoMatch(String acceptLanguage, String found) {
    Labels regional =
        new Labels(List.of("a"), Map.of("pt-br", List.of("b"), "zh-hans", List.of("c")));
    assertThat(regional.lookup(Locale.LanguageRange.parse(acceptLanguage))).hasValue(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zh zh-hant | zh-TW | zh-hant",
        "zh zh-hant | zh-Hant-HK | zh-hant",
        "zh zh-hant | zh-CN | zh",
        "zh zh-hant | zh-TW,zh;q=0.9 | zh-hant",
        "zh zh-tw | zh-Hant | zh-tw",
        "zh zh-tw | zh-HK | zh-tw",
        "zh-hans zh-hant | zh | zh-hans",
        "zh-hans zh-hant | zh-CN | zh-hans",
        "zh-hans zh-hant | zh-MO | zh-hant",
        "zh-cn | zh-Hans-CN | zh-cn",
        "zh-cn | zh-SG, en;q=0.1 | zh-cn",
        "zh | zh-TW | zh",
        "zh zh-hant | zh-hant;q=0, zh-TW | zh",
      })
  void regionOfChineseImpliesTheScript(String there, String acceptLanguage, String found) {
    Map<String, List<String>> translations = new HashMap<>();
    List.of(there.split(" ")).forEach(language -> translations.put(language, List.of("雏菊")));
    assertThat(
            new Labels(List.of("daisy"), translations)
                .lookup(Locale.LanguageRange.parse(acceptLanguage)))
        .hasValue(found);
  }

  @Test
  void requiresTheSameNumberOfLabelsInEveryLanguage() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Labels(List.of("a", "b"), Map.of("zh", List.of("甲"))));
  }
}
