package dev.glimpse.api.predict;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An {@code Accept-Language} header, as <a
 * href="https://www.rfc-editor.org/rfc/rfc9110.html#name-accept-language">RFC 9110</a> has it, and
 * some that are seen: {@code zh_CN} counts as {@code zh-CN}.
 */
final class AcceptLanguage {

  /** {@link LanguageRange#parse} breaks on what has not at least this form. */
  private static final Pattern ELEMENT =
      Pattern.compile("(\\*|[A-Za-z]{1,8})(-([A-Za-z0-9]{1,8}|\\*))*(;q=[0-9.]{1,9})?");

  private static final Pattern WEIGHT = Pattern.compile("[ \\t]*;[ \\t]*");

  private AcceptLanguage() {}

  /** What the reader asks for, best first; without what cannot be read. */
  static List<LanguageRange> parse(@Nullable String header) {
    if (header == null) {
      return List.of();
    }
    return Arrays.stream(header.split(","))
        .map(element -> WEIGHT.matcher(element.strip()).replaceFirst(";").replace('_', '-'))
        .map(element -> element.toLowerCase(Locale.ROOT))
        .filter(element -> ELEMENT.matcher(element).matches())
        .flatMap(AcceptLanguage::ranges)
        .sorted(Comparator.comparingDouble(LanguageRange::getWeight).reversed())
        .toList();
  }

  /** The range, and others that mean the same: {@code iw} for {@code he}. */
  private static Stream<LanguageRange> ranges(String element) {
    try {
      return LanguageRange.parse(element).stream();
    } catch (IllegalArgumentException e) { // a weight such as 7
      return Stream.empty();
    }
  }
}
