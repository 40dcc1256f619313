package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigMappingLoader;
import io.smallrye.config.ConfigMappingLoader.ConfigMappingImplementation;
import org.junit.jupiter.api.Test;

/** Against SmallRye's own way, by method handles, which the executable does not take. */
class SettingGroupsTest {

  @Test
  void groupsHaveTheSamePropertiesAsBySmallRye() throws Throwable {
    ConfigMappingImplementation known = ConfigMappingLoader.ensureLoaded(GlimpseConfig.class);
    SettingGroups.add(GlimpseConfig.class, known.implementation());
    assertThat(SettingGroups.properties(GlimpseConfig.class))
        .isEqualTo(known.getProperties().invoke())
        .asString()
        .contains("glimpse");
  }

  @Test
  void groupsThatWereNotFoundAreAskedOfSmallRye() throws Throwable {
    assertThat(SettingGroups.properties(HttpConfig.class))
        .isEqualTo(ConfigMappingLoader.ensureLoaded(HttpConfig.class).getProperties().invoke());
  }

  @Test
  void failuresAreThoseOfReading() throws Throwable {
    SettingGroups.add(
        ImageConfig.class, ConfigMappingLoader.ensureLoaded(ImageConfig.class).implementation());
    assertThatThrownBy(() -> SettingGroups.read(ImageConfig.class, null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> SettingGroups.read(EngineConfig.class, null))
        .isInstanceOf(NullPointerException.class);
  }
}
