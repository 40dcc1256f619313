package dev.glimpse.postprocess;

import java.util.List;
import java.util.Map;

/**
 * Relates the tags of Chinese, which is written in two scripts: a region implies one, as in CLDR's
 * <a href="https://www.unicode.org/cldr/charts/latest/supplemental/likely_subtags.html">likely
 * subtags</a>. RFC 4647 does not consider this, and would give readers of traditional Chinese
 * simplified labels.
 */
final class Chinese {

  private static final Map<String, List<String>> SAME =
      Map.ofEntries(
          Map.entry("zh", List.of("zh-hans", "zh-cn")),
          Map.entry("zh-hans", List.of("zh-cn")),
          Map.entry("zh-hans-cn", List.of("zh-hans", "zh-cn")),
          Map.entry("zh-hans-sg", List.of("zh-hans", "zh-sg", "zh-cn")),
          Map.entry("zh-cn", List.of("zh-hans-cn", "zh-hans")),
          Map.entry("zh-sg", List.of("zh-hans-sg", "zh-hans", "zh-cn")),
          Map.entry("zh-hant", List.of("zh-tw", "zh-hk")),
          Map.entry("zh-hant-tw", List.of("zh-hant", "zh-tw")),
          Map.entry("zh-hant-hk", List.of("zh-hant", "zh-hk", "zh-tw")),
          Map.entry("zh-hant-mo", List.of("zh-hant", "zh-mo", "zh-hk", "zh-tw")),
          Map.entry("zh-tw", List.of("zh-hant-tw", "zh-hant")),
          Map.entry("zh-hk", List.of("zh-hant-hk", "zh-hant", "zh-tw")),
          Map.entry("zh-mo", List.of("zh-hant-mo", "zh-hant", "zh-hk", "zh-tw")));

  private Chinese() {}

  /**
   * Returns other tags that a reader of this one can read, best first; empty if it is not Chinese.
   */
  static List<String> same(String tag) {
    return SAME.getOrDefault(tag, List.of());
  }
}
