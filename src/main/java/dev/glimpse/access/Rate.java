package dev.glimpse.access;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many requests a caller may send.
 *
 * @param requests that may be sent within a period, also all at once; 1 or more
 * @param period a second, a minute or an hour
 */
public record Rate(long requests, Duration period) {

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})/([smh])");

  /** Reads a rate: {@code 10/s}, {@code 600/m} or {@code 5000/h}; empty for other forms. */
  public static Optional<Rate> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    return Optional.of(new Rate(Long.parseLong(form.group(1)), period(form.group(2))));
  }

  private static Duration period(String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      default -> Duration.ofHours(1);
    };
  }

  /** Returns the nanoseconds between two requests of a caller that sends them evenly. */
  long interval() {
    return Math.max(1, period.toNanos() / requests);
  }
}
