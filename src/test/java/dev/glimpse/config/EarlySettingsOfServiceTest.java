package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.ColorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Inject;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With all settings that the service itself comes with, those of its build included. */
@QuarkusTest
@TestProfile(ColorModels.class)
class EarlySettingsOfServiceTest {

  @Inject SmallRyeConfig settings;
  @Inject GlimpseConfig config;

  @Test
  void areReadBeforeTheFrameworkMapsThem() {
    ConfigSourceContext context =
        new ConfigSourceContext() {
          @Override
          public ConfigValue getValue(String name) {
            return settings.getConfigValue(name);
          }

          @Override
          public List<String> getProfiles() {
            return settings.getProfiles();
          }

          @Override
          public Iterator<String> iterateNames() {
            return settings.getPropertyNames().iterator();
          }
        };

    assertThat(EarlySettings.read(context)).isPresent().isEqualTo(EarlySettings.of(config));
  }
}
