package dev.glimpse.config;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigValue;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Holds the settings on which the loading of models depends, where it depends on no others: models
 * do not change at run time and are not batched. They can be read before the framework maps them.
 *
 * @param models the model repository
 * @param modelName the model's name where that is its own folder, if set
 * @param arena whether ONNX Runtime keeps the memory of its runs
 * @param warmUp runs of each model before it is ready, if set
 * @param pixels what scales images, if set
 * @param verify the keys or certificates by which models have to be signed, if set
 */
public record EarlySettings(
    Path models,
    Optional<String> modelName,
    boolean arena,
    OptionalInt warmUp,
    Optional<PixelCode> pixels,
    Optional<Path> verify) {

  private static final String MODELS = "glimpse.models.path";
  private static final String NAME = "glimpse.models.name";
  private static final String ARENA = "glimpse.engine.arena";
  private static final String WARM_UP = "glimpse.models.warm-up";
  private static final String PIXELS = "glimpse.pixels";
  private static final String VERIFY = "glimpse.models.verify";
  private static final String CONTROL = "glimpse.repository.control";
  private static final String POLL = "glimpse.repository.poll";
  private static final String LEVEL = "quarkus.log.level";
  private static final Set<String> USUAL_LEVELS = Set.of("INFO", "WARN", "ERROR");

  /** Not the least level that a build leaves, which application.properties has. */
  private static final Pattern LEVEL_OF_THIS_PROGRAM =
      Pattern.compile(
          "quarkus\\.log\\.category\\.(dev|ai\\.onnxruntime|ai\\.level)\\b.*(?<!\\.min\\.level)");

  private static final Pattern NO_LETTERS = Pattern.compile("[^a-z]+");

  /** Returns them; empty if models may change at run time, or are batched. */
  public static Optional<EarlySettings> of(GlimpseConfig config) {
    boolean changes = config.repository().control() || config.repository().poll().isPresent();
    return changes || !config.batching().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new EarlySettings(
                config.models().path(),
                config.models().name(),
                config.engine().arena(),
                config.models().warmUp(),
                config.pixels(),
                config.models().verify()));
  }

  /**
   * Reads them from the sources of the settings. Values in an unusual form are left to the
   * framework.
   *
   * @return empty if models may change at run time, are batched, a value is not understood, or the
   *     levels of log messages are set
   */
  public static Optional<EarlySettings> read(ConfigSourceContext context) {
    if (!value(context, CONTROL).orElse("false").equals("false")
        || value(context, POLL).isPresent()
        || unusual(context)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new EarlySettings(
              Path.of(value(context, MODELS).orElse(ModelsConfig.DEFAULT_PATH)),
              value(context, NAME),
              value(context, ARENA).map(EarlySettings::bool).orElse(true),
              value(context, WARM_UP)
                  .map(text -> OptionalInt.of(Integer.parseInt(text)))
                  .orElse(OptionalInt.empty()),
              value(context, PIXELS).map(text -> PixelCode.valueOf(text.toUpperCase(Locale.ROOT))),
              value(context, VERIFY).map(Path::of)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Tells whether models are batched, or messages of this program may have other levels than usual:
   * sessions are opened with the level of their messages, before levels are configured.
   */
  private static boolean unusual(ConfigSourceContext context) {
    for (Iterator<String> names = context.iterateNames(); names.hasNext(); ) {
      // As a variable of the environment, too: QUARKUS_LOG_CATEGORY__DEV_GLIMPSE__LEVEL.
      if (isUnusual(names.next())) {
        return true;
      }
    }
    return !value(context, LEVEL).map(USUAL_LEVELS::contains).orElse(true);
  }

  private static boolean isUnusual(String name) {
    char first = name.isEmpty() ? ' ' : Character.toLowerCase(name.charAt(0));
    if (first != 'g' && first != 'q') { // most of an environment and of the system's properties
      return false;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    // The defaults of a model that is not named have an asterisk in its place.
    if (lower.startsWith("glimpse")) {
      return plain(lower).startsWith("glimpse.batching.") && !lower.contains("*");
    }
    return lower.startsWith("quarkus")
        && lower.startsWith("log", 8)
        && LEVEL_OF_THIS_PROGRAM.matcher(plain(lower)).matches();
  }

  private static String plain(String lower) {
    return NO_LETTERS.matcher(lower).replaceAll(".");
  }

  private static Optional<String> value(ConfigSourceContext context, String key) {
    return Optional.ofNullable(context.getValue(key))
        .map(ConfigValue::getValue)
        .filter(text -> !text.isEmpty());
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
