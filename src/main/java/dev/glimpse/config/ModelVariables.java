package dev.glimpse.config;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Reads environment variables that set something for one model whose name has more than lower-case
 * letters and digits: only the repository shows whether {@code GLIMPSE_MODELS_ROSE_GARDEN_TRAFFIC}
 * is about {@code rose-garden} or {@code Rose_Garden}. If it holds neither, hyphens are assumed.
 */
public final class ModelVariables implements ConfigSourceFactory {

  private static final Pattern VARIABLE =
      Pattern.compile(
          "GLIMPSE_(?<of>MODELS|BATCHING)_+(?<name>.+?)_+"
              + "(?<setting>TRAFFIC|MAX_BATCH_SIZE|MAX_DELAY|PREFERRED_SIZES)");

  private static final Pattern PLAIN = Pattern.compile("[A-Z0-9]+");
  private static final Pattern NO_VARIABLE = Pattern.compile("[^A-Z0-9]");

  private final Map<String, String> environment;

  /** Reads the process's environment. */
  public ModelVariables() {
    this(System.getenv());
  }

  ModelVariables(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    Map<String, String> settings = new HashMap<>();
    environment.forEach((variable, value) -> {
      Matcher matcher = VARIABLE.matcher(variable);
      if (matcher.matches() && !PLAIN.matcher(matcher.group("name")).matches()) {
        for (String model : models(matcher.group("name"), context)) {
          settings.put(property(matcher, model), value);
        }
      }
    });
    return settings.isEmpty()
        ? List.of()
        : List.of(
            new PropertiesConfigSource(settings, "models' variables", EnvConfigSource.ORDINAL));
  }

  private static String property(Matcher variable, String model) {
    return "glimpse.%s.%s.%s"
        .formatted(
            variable.group("of").toLowerCase(Locale.ROOT),
            model.contains(".") ? '"' + model + '"' : model,
            hyphenated(variable.group("setting")));
  }

  private static List<String> models(String name, ConfigSourceContext context) {
    List<String> models = new ArrayList<>();
    ConfigValue own = context.getValue("glimpse.models.name");
    if (own != null && own.getValue() != null && isMeant(own.getValue(), name)) {
      return List.of(own.getValue());
    }
    ConfigValue path = context.getValue("glimpse.models.path");
    String repository =
        path == null || path.getValue() == null ? ModelsConfig.DEFAULT_PATH : path.getValue();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(Path.of(repository))) {
      for (Path folder : folders) {
        String model = String.valueOf(folder.getFileName());
        if (isMeant(model, name)) {
          models.add(model);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(hyphenated(name)); // the scan of the repository reports what is wrong
    }
    return models.isEmpty() ? List.of(hyphenated(name)) : models;
  }

  /** Returns whether a part of a variable's name stands for this model. */
  private static boolean isMeant(String model, String name) {
    return NO_VARIABLE.matcher(model.toUpperCase(Locale.ROOT)).replaceAll("_").equals(name);
  }

  private static String hyphenated(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
