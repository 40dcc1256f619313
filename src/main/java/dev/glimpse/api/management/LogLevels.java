package dev.glimpse.api.management;

import dev.glimpse.failure.Printable;
import dev.glimpse.failure.ServingException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Changes the levels of the log until the process ends. Categories of this program take any level;
 * those of libraries can only be made quieter, because some log secrets at lower levels.
 * Thread-safe.
 */
@Singleton
final class LogLevels {

  /** The name of a level that stands for the one at the start. */
  static final String DEFAULT = "DEFAULT";

  /** Where changes are logged; its own level stays. */
  static final String CHANGES = "dev.glimpse.log-levels";

  /** Categories that may differ from the start at a time. */
  private static final int MOST = 100;

  private static final String OURS = "dev.glimpse";
  private static final Pattern CATEGORY = Pattern.compile("[A-Za-z0-9_.$-]{1,200}");

  /** A level by the name that it has in settings. */
  private enum Name {
    OFF,
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    Level level() {
      return switch (this) {
        case OFF -> Level.OFF;
        case ERROR -> org.jboss.logmanager.Level.ERROR;
        case WARN -> org.jboss.logmanager.Level.WARN;
        case INFO -> org.jboss.logmanager.Level.INFO;
        case DEBUG -> org.jboss.logmanager.Level.DEBUG;
        case TRACE -> org.jboss.logmanager.Level.TRACE;
      };
    }
  }

  /**
   * A category whose level has been changed.
   *
   * @param logger kept, so that the level is
   * @param before its own level at the start; null if it had that of its parent
   * @param effective the level that applied at the start
   * @param now the level that it has been given
   */
  private record Change(Logger logger, @Nullable Level before, int effective, Name now) {}

  private final LogContext loggers;
  private final Logger changesLog;
  private final Map<String, Change> changes = new HashMap<>();

  @Inject
  LogLevels() {
    this(LogContext.getLogContext());
  }

  LogLevels(LogContext loggers) {
    this.loggers = loggers;
    this.changesLog = loggers.getLogger(CHANGES);
    changesLog.setLevel(org.jboss.logmanager.Level.INFO);
  }

  /** Returns the categories whose level differs from the start, and their levels. */
  synchronized Map<String, String> changed() {
    return changes.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                change -> change.getValue().now.name(),
                (one, other) -> one,
                TreeMap::new));
  }

  /**
   * Changes the level of a category.
   *
   * @param level a name of a level, or {@link #DEFAULT}; in any case
   * @param by who does so, for the log
   * @throws ServingException INVALID_PARAMETER if the category or the level is invalid, or the
   *     category may not have the level
   */
  synchronized void set(@Nullable String category, @Nullable String level, String by) {
    String name = category(category);
    String wanted = level == null ? "" : level.toUpperCase(Locale.ROOT);
    if (wanted.equals(DEFAULT)) {
      reset(name);
    } else {
      set(name, level(wanted));
    }
    changesLog.info(
        "The level of %s is now %s, set by %s".formatted(name, wanted, Printable.of(by)));
  }

  private static String category(@Nullable String category) {
    if (category == null || !CATEGORY.matcher(category).matches()) {
      throw ServingException.invalid(
          "category", "must be the name of a category, such as dev.glimpse.remote");
    }
    if (category.equals(CHANGES)) {
      throw ServingException.invalid("category", "must be another one: this logs the changes");
    }
    return category;
  }

  private static Name level(String wanted) {
    return Arrays.stream(Name.values())
        .filter(name -> name.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            ServingException.invalid(
                "level", "must be OFF, ERROR, WARN, INFO, DEBUG, TRACE or " + DEFAULT));
  }

  private void set(String category, Name level) {
    Change known = changes.get(category);
    if (known == null && changes.size() == MOST) {
      throw ServingException.invalid(
          "category",
          "must be one of those that are changed already: there are %d; reset some to %s"
              .formatted(MOST, DEFAULT));
    }
    Change change = known == null ? unchanged(category, level) : known;
    if (!isOurs(category) && level.level().intValue() < change.effective) {
      throw ServingException.invalid(
          "level",
          "must be one at which \"%s\" logs no more than at the start: only categories of %s can be made to log more"
              .formatted(category, OURS));
    }
    change.logger.setLevel(level.level());
    changes.put(category, new Change(change.logger, change.before, change.effective, level));
  }

  private Change unchanged(String category, Name level) {
    Logger logger =
        isOurs(category)
            ? loggers.getLogger(category)
            : Optional.ofNullable(loggers.getLoggerIfExists(category))
                .orElseThrow(() ->
                    ServingException.invalid(
                        "category", "must be one that exists, or one of " + OURS));
    return new Change(logger, logger.getLevel(), effective(logger), level);
  }

  /** Returns the level that applied to a category at the start. */
  private int effective(Logger logger) {
    Logger next = logger;
    while (atTheStart(next) == null && next.getParent() != null) {
      next = next.getParent();
    }
    Level level = atTheStart(next);
    return (level == null ? Level.INFO : level).intValue();
  }

  private @Nullable Level atTheStart(Logger logger) {
    Change change = changes.get(logger.getName());
    return change == null ? logger.getLevel() : change.before;
  }

  private static boolean isOurs(String category) {
    return category.equals(OURS) || category.startsWith(OURS + ".");
  }

  private void reset(String category) {
    Change change = changes.remove(category);
    if (change != null) {
      change.logger.setLevel(change.before);
    }
  }
}
