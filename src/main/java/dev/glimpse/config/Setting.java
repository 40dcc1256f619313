package dev.glimpse.config;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * One setting: its key and the values that it takes, both read from a method of {@link
 * GlimpseConfig}.
 *
 * @param key such as {@code glimpse.queue.size}; {@code <model>} stands for any model's name
 * @param method the method that returns its value
 */
record Setting(String key, Method method) {

  private static final Set<String> SECRET =
      Set.of(
          "glimpse.redis.url",
          "glimpse.otlp.endpoint",
          "glimpse.events",
          "glimpse.events.authorization");

  private static final java.util.regex.Pattern FRACTION =
      java.util.regex.Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,18})?");

  private static final java.util.regex.Pattern SIZE =
      java.util.regex.Pattern.compile("[0-9]{1,18}[BbKkMmGgTtPpEeZzYy]?");

  private static final java.util.regex.Pattern BOOLEAN =
      java.util.regex.Pattern.compile("(?i)true|false|yes|no|on|off|y|n|t|f|1|0");

  /** Returns the environment variable that sets it, such as {@code GLIMPSE_QUEUE_SIZE}. */
  String variable() {
    return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  /** Returns whether values may hold a password or the like, and are not shown. */
  boolean isSecret() {
    return key.endsWith("token") || key.endsWith("secret") || SECRET.contains(key);
  }

  /** Returns whether a key is this setting's. */
  boolean hasKey(String name) {
    return matches(name, key, "(\"[^\"]+\"|[^.]+)");
  }

  /** Returns whether an environment variable sets it. */
  boolean hasVariable(String name) {
    return matches(name, variable(), ".+");
  }

  private static boolean matches(String name, String form, String model) {
    int at = form.indexOf('<');
    if (at < 0) {
      return name.equals(form);
    }
    String before = form.substring(0, at);
    String after = form.substring(form.indexOf('>') + 1);
    return name.length() > before.length() + after.length()
        && name.startsWith(before)
        && name.endsWith(after)
        && name.substring(before.length(), name.length() - after.length()).matches(model);
  }

  /**
   * Checks a value.
   *
   * @return what it must be, as the rest of a sentence that begins with "it must be"; empty if it
   *     is
   */
  Optional<String> mismatch(String value) {
    AnnotatedType type = method.getAnnotatedReturnType();
    AnnotatedElement bounds = method;
    if (type instanceof AnnotatedParameterizedType optional && isA(type, Optional.class)) {
      type = optional.getAnnotatedActualTypeArguments()[0];
      bounds = type;
    }
    if (type instanceof AnnotatedParameterizedType list && isA(type, List.class)) {
      AnnotatedType element = list.getAnnotatedActualTypeArguments()[0];
      return Arrays.stream(value.split(","))
          .map(part -> mismatch(part.strip(), element.getType(), element))
          .flatMap(Optional::stream)
          .findFirst()
          .map(each -> each + "; several are separated by commas");
    }
    return mismatch(value.strip(), type.getType(), bounds);
  }

  private static boolean isA(AnnotatedType type, Class<?> raw) {
    return type.getType() instanceof ParameterizedType parameterized
        && parameterized.getRawType() == raw;
  }

  private static Optional<String> mismatch(String value, Type type, AnnotatedElement bounds) {
    if (type == int.class
        || type == long.class
        || type == Integer.class
        || type == OptionalInt.class) {
      return number(value, bounds);
    }
    if (type == double.class) {
      return fraction(value, bounds);
    }
    if (type == Duration.class) {
      return duration(value, bounds);
    }
    if (type == MemorySize.class) {
      return isSize(value)
          ? Optional.empty()
          : Optional.of("a size in bytes such as 512K, 10M or 1G");
    }
    if (type == boolean.class) {
      return BOOLEAN.matcher(value).matches() ? Optional.empty() : Optional.of("true or false");
    }
    if (type instanceof Class<?> constants && constants.isEnum()) {
      return constant(value, constants);
    }
    Pattern pattern = bounds.getAnnotation(Pattern.class);
    if (pattern != null && !value.matches(pattern.regexp())) {
      return Optional.of(pattern.message().replaceFirst("^must be ", ""));
    }
    return type == Path.class && value.indexOf('\0') >= 0
        ? Optional.of("a path")
        : Optional.empty();
  }

  /** Returns whether a value is a number of bytes that fits a long. */
  private static boolean isSize(String value) {
    return SIZE.matcher(value).matches()
        && new MemorySizeConverter().convert(value).asBigInteger().bitLength() < Long.SIZE;
  }

  private static Optional<String> number(String value, AnnotatedElement bounds) {
    Min min = bounds.getAnnotation(Min.class);
    Max max = bounds.getAnnotation(Max.class);
    try {
      long number = Long.parseLong(value);
      if ((min == null || number >= min.value()) && (max == null || number <= max.value())) {
        return Optional.empty();
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    return Optional.of(
        "a whole number"
            + range(min == null ? null : "" + min.value(), max == null ? null : "" + max.value()));
  }

  private static Optional<String> fraction(String value, AnnotatedElement bounds) {
    String min = bounds.getAnnotation(DecimalMin.class).value();
    String max = bounds.getAnnotation(DecimalMax.class).value();
    if (FRACTION.matcher(value).matches()) {
      BigDecimal number = new BigDecimal(value);
      if (number.compareTo(new BigDecimal(min)) >= 0
          && number.compareTo(new BigDecimal(max)) <= 0) {
        return Optional.empty();
      }
    }
    return Optional.of("a number from %s to %s such as 0.1".formatted(min, max));
  }

  private static Optional<String> duration(String value, AnnotatedElement bounds) {
    DurationMin min = bounds.getAnnotation(DurationMin.class);
    DurationMax max = bounds.getAnnotation(DurationMax.class);
    Duration least = min == null ? null : of(min);
    Duration most = max == null ? null : of(max);
    try {
      Duration duration = DurationConverter.parseDuration(value);
      if (duration != null
          && (least == null || duration.compareTo(least) >= 0)
          && (most == null || duration.compareTo(most) <= 0)) {
        return Optional.empty();
      }
    } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
      // reported below
    }
    return Optional.of(
        "a duration such as 500ms, 5s or 2m"
            + range(least == null ? null : text(least), most == null ? null : text(most)));
  }

  private static Duration of(DurationMin min) {
    return Duration.ofDays(min.days())
        .plusHours(min.hours())
        .plusMinutes(min.minutes())
        .plusSeconds(min.seconds())
        .plusMillis(min.millis())
        .plusNanos(min.nanos());
  }

  private static Duration of(DurationMax max) {
    return Duration.ofDays(max.days())
        .plusHours(max.hours())
        .plusMinutes(max.minutes())
        .plusSeconds(max.seconds())
        .plusMillis(max.millis())
        .plusNanos(max.nanos());
  }

  private static String text(Duration duration) {
    if (duration.toNanosPart() != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds == 0) {
      return "0";
    }
    return seconds % 3600 == 0
        ? seconds / 3600 + "h"
        : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static String range(@Nullable String least, @Nullable String most) {
    if (least == null) {
      return most == null ? "" : ", " + most + " at most";
    }
    return most == null ? ", " + least + " at least" : " from " + least + " to " + most;
  }

  private static Optional<String> constant(String value, Class<?> constants) {
    List<String> names =
        Arrays.stream(constants.getEnumConstants())
            .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
    return names.contains(value.toLowerCase(Locale.ROOT).replace('_', '-'))
        ? Optional.empty()
        : Optional.of(String.join(" or ", names));
  }
}
