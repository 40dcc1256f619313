package dev.glimpse.postprocess;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Holds the names of a model's classes in every language of the model. Immutable. */
public final class Labels {

  /** The language of a model's own labels: those in its {@code config.json}. */
  public static final String OWN_LANGUAGE = "en";

  private static final String ANY = "*";

  private final List<String> own;
  private final Map<String, List<String>> byLanguage;

  /** Made when it is first needed; a second one would be equal. */
  private volatile @Nullable ClassNamesMatch match;

  /**
   * Creates labels in every language.
   *
   * @param own the model's own, in the order of its output
   * @param translations by language tag, each as many as {@code own}; may replace {@link
   *     #OWN_LANGUAGE}
   */
  public Labels(List<String> own, Map<String, List<String>> translations) {
    Map<String, List<String>> all = new TreeMap<>();
    all.put(OWN_LANGUAGE, List.copyOf(own));
    translations.forEach((language, labels) -> all.put(language, List.copyOf(labels)));
    all.forEach((language, labels) -> {
      if (labels.size() != own.size()) {
        throw new IllegalArgumentException(
            "%d labels in %s, %d in %s"
                .formatted(own.size(), OWN_LANGUAGE, labels.size(), language));
      }
    });
    this.own = List.copyOf(own);
    this.byLanguage = Map.copyOf(all);
  }

  /** Returns the model's own labels, in the order of the classes, untranslated. */
  public List<String> own() {
    return own;
  }

  /** Returns whether there are labels in several languages. */
  public boolean areTranslated() {
    return byLanguage.size() > 1;
  }

  /** Returns the number of classes. */
  public int count() {
    return own.size();
  }

  /**
   * Returns the index of the class that a text names, by a label in any language, by one of several
   * names in a label, or by its index; empty if no class has the name, or several do.
   */
  public OptionalInt find(String name) {
    ClassNamesMatch known = match;
    if (known == null) {
      known = new ClassNamesMatch(this);
      match = known;
    }
    return known.find(name);
  }

  /** Returns the languages that have labels. */
  public NavigableSet<String> languages() {
    return new TreeSet<>(byLanguage.keySet());
  }

  /**
   * The labels in one language.
   *
   * @param language one of {@link #languages}
   * @throws IllegalArgumentException if it is not one of them
   */
  public List<String> in(String language) {
    List<String> labels = byLanguage.get(language);
    if (labels == null) {
      throw new IllegalArgumentException("No labels in " + language);
    }
    return labels;
  }

  /**
   * The best language for a reader, by RFC 4647's lookup: {@code zh-CN} finds {@code zh}. What that
   * leaves out is found as well: {@code pt} finds {@code pt-br} where there is no {@code pt}, and
   * {@code *} any that the reader does not refuse with {@code q=0}, the model's own first; and
   * {@code zh-TW} finds {@code zh-hant} sooner than {@code zh}.
   *
   * @param ranges what the reader asks for, best first, as {@link Locale.LanguageRange#parse} makes
   *     it of an {@code Accept-Language} header
   * @return one of {@link #languages}, or empty if none fits
   */
  public Optional<String> lookup(List<Locale.LanguageRange> ranges) {
    NavigableSet<String> acceptable = languages();
    ranges.stream()
        .filter(range -> range.getWeight() == 0 && !range.getRange().equals(ANY))
        .forEach(range -> acceptable.removeAll(Locale.filterTags(only(range), acceptable)));
    return ranges.stream()
        .filter(range -> range.getWeight() > 0)
        .map(range -> lookup(range, acceptable))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> lookup(
      Locale.LanguageRange range, NavigableSet<String> acceptable) {
    if (range.getRange().equals(ANY)) {
      return acceptable.contains(OWN_LANGUAGE)
          ? Optional.of(OWN_LANGUAGE)
          : acceptable.stream().findFirst();
    }
    return Stream.concat(Stream.of(range.getRange()), Chinese.same(range.getRange()).stream())
        .filter(acceptable::contains)
        .findFirst()
        .or(() -> Optional.ofNullable(Locale.lookupTag(only(range), acceptable)))
        .or(() -> Locale.filterTags(only(range), acceptable).stream().findFirst());
  }

  /** The range as if it were all that is asked for, as a weight of 0 would find nothing. */
  private static List<Locale.LanguageRange> only(Locale.LanguageRange range) {
    return List.of(new Locale.LanguageRange(range.getRange()));
  }
}
