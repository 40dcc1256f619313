package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.config.EarlySettings;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.VersionFolders;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Repository;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyLoadTest {

  private static final ModelFolder COLORS =
      VersionFolders.highest(Fixtures.MODELS.resolve("colors"));

  private static final String KEY = Fixtures.RESOURCES.resolve("signing/p256.pem").toString();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final WorkerPool workers = new WorkerPool(Configs.defaults());

  @AfterEach
  void stop() {
    EarlyLoad.take(Optional.empty(), COLORS); // closes what a test has not taken
    workers.close();
  }

  @Test
  void itsModelsAreTakenOnce() {
    GlimpseConfig config = config(Fixtures.MODELS, Map.of());
    EarlyLoad.begin(EarlySettings.of(config).orElseThrow());
    CountingEngine engine = new CountingEngine(config);
    ModelLoader loader = loader(engine, config);

    try (Model early = loader.load(COLORS)) {
      assertThat(engine.opened()).isZero();
      assertThat(early.classificationTask()).isPresent();
    }
    loader.load(COLORS).close();
    assertThat(engine.opened()).isEqualTo(1);
  }

  @Test
  void itsTimesAreThoseOfTheModel() {
    GlimpseConfig config = config(Fixtures.MODELS, Map.of());
    EarlyLoad.begin(EarlySettings.of(config).orElseThrow());

    loader(new CountingEngine(config), config).load(COLORS).close();

    assertThat(meters.get("glimpse.model.load.seconds").tags("model", "colors").gauge().value())
        .isPositive();
  }

  @Test
  void itsModelsAreNotTakenWithOtherSettings() {
    EarlyLoad.begin(EarlySettings.of(config(Fixtures.MODELS, Map.of())).orElseThrow());
    GlimpseConfig other = config(Fixtures.MODELS, Map.of("glimpse.models.warm-up", "1"));
    CountingEngine engine = new CountingEngine(other);

    loader(engine, other).load(COLORS).close();

    assertThat(engine.opened()).isEqualTo(1);
  }

  @Test
  void itsModelsAreNotTakenWhereModelsMayChange() {
    EarlyLoad.begin(EarlySettings.of(config(Fixtures.MODELS, Map.of())).orElseThrow());
    GlimpseConfig changing = config(Fixtures.MODELS, Map.of("glimpse.repository.poll", "5s"));
    CountingEngine engine = new CountingEngine(changing);

    loader(engine, changing).load(COLORS).close();

    assertThat(engine.opened()).isEqualTo(1);
  }

  @Test
  void whatFailsFailsAgainWithItsReason() {
    Path broken = Fixtures.BROKEN_MODELS.resolve("corrupt-graph");
    GlimpseConfig config = config(broken, Map.of());
    EarlyLoad.begin(EarlySettings.of(config).orElseThrow());
    ModelLoader loader = loader(new CountingEngine(config), config);

    assertThatThrownBy(() -> loader.load(VersionFolders.highest(broken.resolve("bad"))))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("model.onnx cannot be loaded");
  }

  @Test
  void unsignedModelsAreNotLoaded() {
    GlimpseConfig config = config(Fixtures.MODELS, Map.of("glimpse.models.verify", KEY));
    Optional<EarlySettings> settings = EarlySettings.of(config);
    EarlyLoad.begin(settings.orElseThrow());

    assertThat(EarlyLoad.take(settings, COLORS)).isEmpty();
    assertThatThrownBy(() -> loader(new CountingEngine(config), config).load(COLORS))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("it is not signed");
  }

  @Test
  void signedModelsAreLoaded(@TempDir Path repository) throws IOException {
    Path folder = new Repository(repository).put("colors/1", "colors", 1);
    Files.copy(Fixtures.RESOURCES.resolve("signing/p256.sig"), folder.resolve("model.sig"));
    Optional<EarlySettings> settings =
        EarlySettings.of(config(repository, Map.of("glimpse.models.verify", KEY)));
    EarlyLoad.begin(settings.orElseThrow());

    Optional<LoadedModel> early = EarlyLoad.take(settings, VersionFolders.highest(folder));
    assertThat(early).isPresent();
    early.get().model().close();
  }

  private ModelLoader loader(CountingEngine engine, GlimpseConfig config) {
    return new ModelLoader(engine, workers, new ServingMetrics(meters), config);
  }

  private static GlimpseConfig config(Path repository, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("glimpse.models.path", repository.toString());
    return Configs.of(settings);
  }
}
