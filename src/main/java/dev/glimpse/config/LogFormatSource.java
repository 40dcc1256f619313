package dev.glimpse.config;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Sets how Quarkus formats lines of the log by {@code glimpse.log.format}. What an operator sets of
 * Quarkus' own settings wins.
 */
public final class LogFormatSource implements ConfigSourceFactory {

  private static final String FORMAT = "glimpse.log.format";

  /** Below {@code application.properties}, and above the defaults, by which JSON would be on. */
  private static final int ORDINAL = 200;

  private static final List<String> TARGETS = List.of("console", "file", "syslog", "socket");

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    Map<String, String> settings = new HashMap<>();
    String format = format(context.getValue(FORMAT));
    for (String target : TARGETS) {
      set(settings, "quarkus.log." + target + ".json", format);
    }
    return List.of(new PropertiesConfigSource(settings, FORMAT, ORDINAL));
  }

  /** Leaves invalid values to {@link SettingsCheck}. */
  private static String format(ConfigValue value) {
    return value == null || value.getValue() == null
        ? "text"
        : value.getValue().strip().toLowerCase(Locale.ROOT);
  }

  private static void set(Map<String, String> settings, String target, String format) {
    boolean ecs = format.equals("ecs");
    settings.put(target + ".enabled", Boolean.toString(ecs || format.equals("json")));
    // A text in the line's object; the default is objects in objects, which no parser reassembles.
    settings.put(target + ".exception-output-type", "formatted");
    if (ecs) {
      settings.put(target + ".log-format", "ecs");
      // The field of the schema for names of one's own.
      settings.put(target + ".key-overrides", "MDC=labels");
    }
  }
}
