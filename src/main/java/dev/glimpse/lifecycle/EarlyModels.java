package dev.glimpse.lifecycle;

import dev.glimpse.config.EarlySettings;
import dev.glimpse.model.EarlyLoad;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Begins to load the models as soon as the settings can be read, which is at the beginning of
 * Quarkus's own start. Adds no settings: it is a {@link ConfigSourceFactory} because SmallRye calls
 * these when all settings can be read.
 */
public final class EarlyModels implements ConfigSourceFactory {

  /**
   * Later than {@link dev.glimpse.config.SettingsCheck}, which ends the start of wrong settings.
   */
  private static final int AFTER_THE_CHECK = 0;

  /** False unless this process is the service: settings are read by the build and commands too. */
  private static final AtomicBoolean WANTED = new AtomicBoolean();

  /** Makes the first settings that are read begin the load. */
  static void whenSettingsAreRead() {
    WANTED.set(true);
  }

  @Override
  public OptionalInt getPriority() {
    return OptionalInt.of(AFTER_THE_CHECK);
  }

  /**
   * Begins to load the models, once.
   *
   * @return no sources
   */
  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    if (WANTED.getAndSet(false)) {
      EarlySettings.read(context).map(EarlyLoad::begin).ifPresent(ProcessEnd::waitsFor);
    }
    return List.of();
  }
}
