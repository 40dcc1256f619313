package dev.glimpse.api.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds the ranges of an {@code Accept} header (RFC 9110, 12.5.1), or the codings of an {@code
 * Accept-Encoding}, which has the same form. Parameters other than {@code q} are ignored.
 *
 * @param weights of the ranges, in lower case, 0 to 1
 */
public record AcceptHeader(Map<String, Double> weights) {

  /** Ranges of a header that are looked at. */
  private static final int MOST_RANGES = 32;

  private static final String ANY = "*/*";

  /**
   * Reads a header.
   *
   * @param value null: everything is accepted
   */
  public static AcceptHeader of(@Nullable String value) {
    Map<String, Double> weights = new HashMap<>();
    if (value == null || value.isBlank()) {
      weights.put(ANY, 1.0);
      return new AcceptHeader(weights);
    }
    String[] ranges = value.toLowerCase(Locale.ROOT).split(",", MOST_RANGES + 1);
    for (int i = 0; i < Math.min(ranges.length, MOST_RANGES); i++) {
      String[] parts = ranges[i].split(";", -1);
      weights.merge(parts[0].strip(), weight(parts), Math::max);
    }
    return new AcceptHeader(weights);
  }

  /** Returns the parameter q, 0 to 1; 1 without one, and 0 for a malformed one. */
  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        String value = parameter.substring(2);
        return value.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(value) : 0;
      }
    }
    return 1;
  }

  /** Returns the weight of a type's own range, and 0 if the header does not name the type. */
  public double named(String type) {
    return weights.getOrDefault(type, 0.0);
  }

  /** Returns whether a type is accepted: the range that fits it best decides. */
  public boolean accepts(String type) {
    return weight(type) > 0;
  }

  /** Returns whether a type is preferred to another: it weighs more, or as much by its own name. */
  public boolean prefers(String type, String other) {
    double mine = weight(type);
    double others = weight(other);
    return mine > others || (mine > 0 && mine == others && fit(type) > fit(other));
  }

  private double weight(String type) {
    return switch (fit(type)) {
      case 2 -> named(type);
      case 1 -> named(group(type));
      default -> named(ANY);
    };
  }

  /** Returns how well the range that fits a type best does: 2 by its name, 1 by its first half. */
  private int fit(String type) {
    if (weights.containsKey(type)) {
      return 2;
    }
    return weights.containsKey(group(type)) ? 1 : 0;
  }

  private static String group(String type) {
    return type.substring(0, type.indexOf('/') + 1) + "*";
  }
}
