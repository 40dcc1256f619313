package dev.glimpse.api.predict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import org.jspecify.annotations.Nullable;

/**
 * Parses the {@code Accept-Language} header of <a
 * href="https://www.rfc-editor.org/rfc/rfc9110.html#name-accept-language">RFC 9110</a>, and some
 * spellings that clients send: {@code zh_CN} counts as {@code zh-CN}.
 *
 * <p>The first {@link #MAX_RANGES} ranges count, and a range with more than {@link #MAX_SUBTAGS}
 * subtags is ignored: the JDK's matching takes time that grows with the square of both. Parsed by
 * hand in one pass, because a regular expression would backtrack or recurse on a hostile header.
 */
final class AcceptLanguage {

  private static final int MAX_RANGES = 32;

  /** More than any registered language tag has. */
  private static final int MAX_SUBTAGS = 8;

  private static final int MAX_SUBTAG_LENGTH = 8;
  private static final int MAX_WEIGHT_LENGTH = 9;

  private AcceptLanguage() {}

  /** Returns the ranges that the client accepts, best first, without those that are malformed. */
  static List<LanguageRange> parse(@Nullable String header) {
    if (header == null) {
      return List.of();
    }
    List<LanguageRange> ranges = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < MAX_RANGES && begin <= header.length(); i++) {
      int comma = header.indexOf(',', begin);
      int end = comma < 0 ? header.length() : comma;
      ranges.addAll(element(header.substring(begin, end)));
      begin = end + 1;
    }
    ranges.sort(Comparator.comparingDouble(LanguageRange::getWeight).reversed());
    return List.copyOf(ranges);
  }

  /**
   * Returns the range of one element, and others that mean the same ({@code iw} for {@code he});
   * empty if the element is malformed.
   */
  private static List<LanguageRange> element(String element) {
    int semicolon = element.indexOf(';');
    String range = (semicolon < 0 ? element : element.substring(0, semicolon)).strip();
    String weight = semicolon < 0 ? "" : element.substring(semicolon + 1).strip();
    if (!isRange(range) || (semicolon >= 0 && !isWeight(weight))) {
      return List.of();
    }
    String plain = semicolon < 0 ? range : range + ";" + weight;
    try {
      return LanguageRange.parse(plain.replace('_', '-').toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) { // a weight such as 7
      return List.of();
    }
  }

  /** Checks the form of a language range; {@link LanguageRange#parse} fails on others. */
  private static boolean isRange(String range) {
    int subtags = 1;
    int length = 0;
    boolean wildcard = false;
    for (int i = 0; i < range.length(); i++) {
      char c = range.charAt(i);
      if (c == '-' || c == '_') {
        if (length == 0 || ++subtags > MAX_SUBTAGS) {
          return false;
        }
        length = 0;
        wildcard = false;
      } else if (wildcard || ++length > MAX_SUBTAG_LENGTH) {
        return false;
      } else if (c == '*' && length == 1) {
        wildcard = true;
      } else if (!isLetter(c) && (subtags == 1 || !isDigit(c))) {
        return false;
      }
    }
    return length > 0;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWeight(String weight) {
    if (!weight.regionMatches(true, 0, "q=", 0, 2) || weight.length() > 2 + MAX_WEIGHT_LENGTH) {
      return false;
    }
    for (int i = 2; i < weight.length(); i++) {
      if (weight.charAt(i) != '.' && !isDigit(weight.charAt(i))) {
        return false;
      }
    }
    return weight.length() > 2;
  }
}
