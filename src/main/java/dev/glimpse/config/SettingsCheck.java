package dev.glimpse.config;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Stops the start if a setting is mistyped or has a value that it does not take, with a line for
 * each. Adds no settings: it is a {@link ConfigSourceFactory} because SmallRye calls these when all
 * settings can be read, and before it maps them to {@link GlimpseConfig}, whose own messages name
 * classes and regular expressions.
 */
public final class SettingsCheck implements ConfigSourceFactory {

  private static final String PREFIX = "GLIMPSE_";
  private static final String PORT = "quarkus.http.port";

  /** The variables of {@code application.properties} that set something, the first one first. */
  private static final Map<String, List<String>> VARIABLES =
      Map.of(
          PORT,
          List.of("QUARKUS_HTTP_PORT", "AIP_HTTP_PORT", "SAGEMAKER_BIND_TO_PORT", "PORT"),
          "glimpse.events",
          List.of("K_SINK"),
          "glimpse.events.overrides",
          List.of("K_CE_OVERRIDES"),
          "glimpse.vertex.health-route",
          List.of("AIP_HEALTH_ROUTE"),
          "glimpse.vertex.predict-route",
          List.of("AIP_PREDICT_ROUTE"));

  /** Kubernetes sets these in every container, for a Service whose name begins with glimpse. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "GLIMPSE_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?"
              + "|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

  /** Read by tests, not by the service. */
  private static final Set<String> OF_TESTS = Set.of("GLIMPSE_TEST_ASSETS");

  private final Map<String, String> environment;

  /** Checks the process's environment. */
  public SettingsCheck() {
    this(System.getenv());
  }

  SettingsCheck(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Checks the settings.
   *
   * @return no sources
   * @throws ConfigurationException if some are wrong; its message has a line for each
   */
  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    Set<String> problems = new TreeSet<>();
    List<Setting> settings = Settings.all();
    for (String variable : environment.keySet()) {
      if (variable.startsWith(PREFIX) && !isExempt(variable)) {
        checkVariable(variable, settings, problems);
      }
    }
    for (Iterator<String> names = context.iterateNames(); names.hasNext(); ) {
      String name = names.next();
      if (name.startsWith(Settings.ROOT + ".")) {
        checkKey(name, context.getValue(name), settings, problems);
      }
    }
    checkPort(context.getValue(PORT), problems);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(String.join("\n", problems));
    }
    return List.of();
  }

  private static boolean isExempt(String variable) {
    return OF_TESTS.contains(variable) || SERVICE_LINK.matcher(variable).matches();
  }

  private void checkVariable(String variable, List<Setting> settings, Set<String> problems) {
    Optional<Setting> setting =
        settings.stream().filter(known -> known.hasVariable(variable)).findFirst();
    if (setting.isEmpty()) {
      problems.add(unknown(variable, settings.stream().map(Setting::variable).toList()));
    } else {
      checkValue(variable, environment.getOrDefault(variable, ""), setting.get(), problems);
    }
  }

  private void checkKey(
      String key, ConfigValue value, List<Setting> settings, Set<String> problems) {
    if (value == null || value.getValue() == null || isDefault(value) || isOfEnvironment(key)) {
      return;
    }
    Optional<Setting> setting = settings.stream().filter(known -> known.hasKey(key)).findFirst();
    if (setting.isEmpty()) {
      problems.add(unknown(key, settings.stream().map(Setting::key).toList()));
    } else {
      checkValue(nameOf(key, value.getValue()), value.getValue(), setting.get(), problems);
    }
  }

  /** SmallRye and Quarkus give sources of default values, and no others, ordinals below zero. */
  private static boolean isDefault(ConfigValue value) {
    return value.getConfigSourceOrdinal() < 0;
  }

  /** SmallRye lists a variable under the key that it takes it for, too. */
  private boolean isOfEnvironment(String key) {
    return environment.containsKey(key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
  }

  private static String unknown(String name, List<String> known) {
    return Settings.nearest(name, known)
        .map(near -> name + " is not a setting. Did you mean " + near + "?")
        .orElse(name + " is not a setting; docs/configuration.md lists them.");
  }

  /** Checks a value; an empty one counts as not set. */
  private static void checkValue(String name, String value, Setting setting, Set<String> problems) {
    if (!value.isBlank()) {
      setting
          .mismatch(value)
          .ifPresent(must ->
              problems.add(
                  setting.isSecret()
                      ? name + " must be " + must + "."
                      : "%s is \"%s\"; it must be %s.".formatted(name, shown(value), must)));
    }
  }

  private void checkPort(ConfigValue port, Set<String> problems) {
    if (port == null || port.getValue() == null || PortNumber.parse(port.getValue()) != null) {
      return;
    }
    problems.add(
        "%s is \"%s\"; it must be %s."
            .formatted(nameOf(PORT, port.getValue()), shown(port.getValue()), PortNumber.WORDS));
  }

  /** Returns what the operator has set: a variable of the platform, or else the key. */
  private String nameOf(String key, String value) {
    return VARIABLES.getOrDefault(key, List.of()).stream()
        .filter(variable -> value.equals(environment.get(variable)))
        .findFirst()
        .orElse(key);
  }

  /** One line of it, and not all of a long one. */
  private static String shown(String value) {
    String line = value.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    return line.length() <= 100 ? line : line.substring(0, 100) + "…";
  }
}
