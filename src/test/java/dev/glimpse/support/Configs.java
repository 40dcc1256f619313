package dev.glimpse.support;

import dev.glimpse.config.GlimpseConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.Map;

/** Creates the settings without starting the service. */
public final class Configs {

  private static final Validator VALIDATOR =
      Validation.buildDefaultValidatorFactory().getValidator();

  private Configs() {}

  /** Returns the defaults, except for these. */
  public static GlimpseConfig of(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withMapping(GlimpseConfig.class)
        .withConverters(
            new org.eclipse.microprofile.config.spi.Converter<?>[] {
              new MemorySizeConverter(), new DurationConverter()
            })
        .withSources(new PropertiesConfigSource(settings, "test", 100))
        .withValidator((BeanValidationConfigValidator) () -> VALIDATOR)
        .build()
        .getConfigMapping(GlimpseConfig.class);
  }

  public static GlimpseConfig defaults() {
    return of(Map.of());
  }
}
