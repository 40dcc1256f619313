package dev.glimpse.api.predict;

import dev.glimpse.failure.EditDistance;
import dev.glimpse.failure.ServingException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Refuses parameters whose names are nearly right, such as {@code topk}, which would otherwise have
 * no effect. Names that resemble no parameter are ignored.
 */
public final class ParameterNames {

  /** The parameters of {@code /predict} and {@code /predict/batch}. */
  public static final List<String> OF_PREDICT =
      List.of("top_k", "model", "version", "lang", "page", "threshold", "labels", "renormalize");

  private static final int MAX_LENGTH = 32;

  private ParameterNames() {}

  /**
   * Checks the names of parameters.
   *
   * @throws ServingException INVALID_PARAMETER if one is unknown and similar to a known one
   */
  static void requireKnown(Collection<String> names) {
    requireKnown(names, OF_PREDICT);
  }

  /**
   * Checks the names of parameters.
   *
   * @param known the names of the endpoint's parameters
   * @throws ServingException INVALID_PARAMETER if one is unknown and similar to a known one
   */
  public static void requireKnown(Collection<String> names, Collection<String> known) {
    for (String name : names) {
      similar(name, known)
          .ifPresent(other -> {
            throw ServingException.invalid(name, suggestion(other));
          });
    }
  }

  static String suggestion(String known) {
    return "is not a parameter; did you mean \"" + known + "\"?";
  }

  /** Returns the known name that an unknown one resembles. */
  static Optional<String> similar(String name) {
    return similar(name, OF_PREDICT);
  }

  private static Optional<String> similar(String name, Collection<String> known) {
    if (known.contains(name) || name.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String plain = plain(name);
    return known.stream()
        .filter(other -> plain.length() > 1 && isSimilar(plain, plain(other)))
        .findFirst();
  }

  private static boolean isSimilar(String given, String known) {
    return given.startsWith(known) || EditDistance.of(given, known) <= 1;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }
}
