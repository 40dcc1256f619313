package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.ModelVariables;
import dev.glimpse.config.SettingsCheck;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads the service's settings from the same sources as Quarkus, without starting it. */
final class StandaloneConfig {

  /** Below system properties and environment variables, above defaults, as in Quarkus. */
  private static final int ORDINAL = 260;

  private static final Path FILE = Path.of("config", "application.properties");

  private StandaloneConfig() {}

  /**
   * Reads system properties, environment variables, {@code config/application.properties} and
   * defaults.
   *
   * @throws IllegalArgumentException if a key or a variable is unknown or a value is invalid; its
   *     message names each in a line
   */
  static GlimpseConfig read() {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addSystemSources()
            .withSources(new ModelVariables())
            .withSources(new SettingsCheck())
            .withProfile("prod")
            .withConverters(new Converter<?>[] {new MemorySizeConverter(), new DurationConverter()})
            .withMapping(GlimpseConfig.class);
    try {
      if (Files.exists(FILE)) {
        builder.withSources(new PropertiesConfigSource(FILE.toUri().toURL(), ORDINAL));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(FILE + " cannot be read; check its permissions.", e);
    }
    try {
      return builder.build().getConfigMapping(GlimpseConfig.class);
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (ConfigValidationException e) {
      throw new IllegalArgumentException(e.getProblem(0).getMessage(), e);
    }
  }
}
