package dev.glimpse.api.page;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells browsers, which ask for HTML by name, from other clients. */
final class AcceptedType {

  /** Ranges of an Accept header that are looked at. */
  private static final int MOST_RANGES = 32;

  private AcceptedType() {}

  /** Returns whether an {@code Accept} header names {@code text/html}, and JSON no more than it. */
  static boolean isHtml(@Nullable String accept) {
    if (accept == null) {
      return false;
    }
    double html = 0;
    double json = 0;
    String[] ranges = accept.toLowerCase(Locale.ROOT).split(",", MOST_RANGES + 1);
    for (int i = 0; i < Math.min(ranges.length, MOST_RANGES); i++) {
      String[] parts = ranges[i].split(";", -1);
      switch (parts[0].strip()) {
        case "text/html", "application/xhtml+xml" -> html = Math.max(html, weight(parts));
        case "application/json" -> json = Math.max(json, weight(parts));
        default -> {} // such as */*, which curl sends
      }
    }
    return html > 0 && html >= json;
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
}
