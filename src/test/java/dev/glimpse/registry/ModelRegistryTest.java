package dev.glimpse.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelRegistryTest {

  private static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine(Configs.defaults());

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void findsModelsByNameAndVersion() {
    ModelRegistry registry = started(Fixtures.MODELS, "colors");

    assertThat(registry.ready()).isTrue();
    assertThat(registry.names())
        .containsExactly(
            "colors",
            "colors-division",
            "colors-sigmoid",
            "colors-softmax",
            "colors-softmax-cast",
            "unversioned");
    assertThat(found(registry, null, null)).isEqualTo("colors/2");
    assertThat(found(registry, "colors", 1)).isEqualTo("colors/1");
    assertThat(found(registry, null, 1)).isEqualTo("colors/1");
    assertThat(found(registry, "unversioned", null)).isEqualTo("unversioned/1");
    assertThat(refused(registry, "nothing", null)).isEqualTo(Failure.UNKNOWN_MODEL);
    assertThat(refused(registry, "colors", 3)).isEqualTo(Failure.UNKNOWN_MODEL);
    registry.stop(new ShutdownEvent());
  }

  @Test
  void knowsHowEachGraphsOutputBecomesProbabilities() {
    ModelRegistry registry = started(Fixtures.MODELS, "colors");

    assertThat(activation(registry, "colors")).isEqualTo(Activation.SOFTMAX);
    assertThat(activation(registry, "colors-sigmoid")).isEqualTo(Activation.SIGMOID);
    assertThat(activation(registry, "colors-softmax")).isEqualTo(Activation.NONE);
    assertThat(activation(registry, "colors-softmax-cast")).isEqualTo(Activation.NONE);
    assertThat(activation(registry, "colors-division")).isEqualTo(Activation.NONE);
    registry.stop(new ShutdownEvent());
  }

  @Test
  void severalModelsAndNoDefaultMeansThatARequestNamesOne() {
    ModelRegistry registry = started(Fixtures.MODELS, null);

    ServingException e =
        catchThrowableOfType(
            ServingException.class, () -> registry.require(Optional.empty(), Optional.empty()));
    assertThat(e.failure()).isEqualTo(Failure.INVALID_PARAMETER);
    assertThat(e.parameter()).hasValue("model");
    assertThat(e.detail()).contains("colors-softmax");
    registry.stop(new ShutdownEvent());
  }

  @Test
  void nothingIsServedBeforeTheStartAndAfterTheStop() {
    ModelRegistry registry = registry(Fixtures.MODELS, "colors");
    assertThat(registry.ready()).isFalse();
    assertThat(refused(registry, null, null)).isEqualTo(Failure.NOT_READY);

    registry.start(new StartupEvent());
    Model model = registry.require(Optional.empty(), Optional.empty());
    registry.stop(new ShutdownEvent());

    assertThat(registry.ready()).isFalse();
    assertThat(refused(registry, null, null)).isEqualTo(Failure.NOT_READY);
    assertThatThrownBy(() -> model.session().borrow(1, 3, 32, 32))
        .isInstanceOf(IllegalStateException.class);
    registry.stop(new ShutdownEvent());
    model.close();
  }

  @Test
  void theTimeToLoadIsMeasured() {
    started(Fixtures.MODELS, "colors").stop(new ShutdownEvent());

    assertThat(
            meters
                .get("glimpse.model.load.seconds")
                .tags("model", "colors", "version", "2")
                .gauge()
                .value())
        .isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing-graph | bad/1 | model.onnx is missing",
        "missing-preprocessor | bad/1 | preprocessor_config.json is missing",
        "corrupt-graph | bad/1 | model.onnx cannot be loaded",
        "empty-graph | bad/1 | model.onnx cannot be loaded",
        "label-count-mismatch | bad/1 | the graph has 6 classes and config.json names 5",
        "translated-label-count-mismatch | bad/1 | labels.zh.txt has 5 labels",
        "unknown-resample | bad/1 | \"resample\" is 9",
        "missing-size | bad/1 | no \"size\"",
        "unknown-processor-step | bad/1 | \"do_grayscale\"",
        "bad-json | bad/1 | config.json is not valid JSON",
        "id2label-gap | bad/1 | none for index 3",
        "input-size-mismatch | bad/1 | 24 high and 24 wide",
        "fails-when-run | bad/1 | the graph fails when it runs",
        "version-not-a-number | bad/latest | a version is a whole number from 1",
        "empty-repository | empty-repository | holds no model",
        "no-such-folder | no-such-folder | no model repository",
      })
  void aModelThatCannotBeServedStopsTheStartWithOneSentence(
      String defect, String folder, String sentence) {
    ModelRegistry registry = registry(Fixtures.BROKEN_MODELS.resolve(defect), null);

    assertThatThrownBy(() -> registry.start(new StartupEvent()))
        .isInstanceOf(ConfigurationException.class)
        .satisfies(e ->
            assertThat(e.getMessage())
                .contains(folder)
                .contains(sentence)
                .endsWith(".")
                .hasLineCount(1)
                .hasSizeLessThan(500));
    assertThat(registry.ready()).isFalse();
  }

  @Test
  void aDefaultThatIsNotThereStopsTheStart() {
    ModelRegistry registry = registry(Fixtures.MODELS, "flowers");

    assertThatThrownBy(() -> registry.start(new StartupEvent()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("glimpse.models.default")
        .hasMessageContaining("colors-softmax");
  }

  private ModelRegistry started(Path repository, String defaultName) {
    ModelRegistry registry = registry(repository, defaultName);
    registry.start(new StartupEvent());
    return registry;
  }

  private ModelRegistry registry(Path repository, String defaultName) {
    Map<String, String> settings = new HashMap<>();
    settings.put("glimpse.models.path", repository.toString());
    if (defaultName != null) {
      settings.put("glimpse.models.default", defaultName);
    }
    GlimpseConfig config = Configs.of(settings);
    ServingMetrics metrics = new ServingMetrics(meters);
    WorkerPool workers = new WorkerPool(config);
    ModelLoader loader = new ModelLoader(ENGINE, workers, metrics, config);
    return new ModelRegistry(
        loader,
        new ModelValidator(loader, new ImageDecoder(config, ImageCodecs.all())),
        workers,
        metrics,
        config);
  }

  private static String found(ModelRegistry registry, String name, Integer version) {
    Model model = registry.require(Optional.ofNullable(name), Optional.ofNullable(version));
    return model.name() + "/" + model.version();
  }

  private static Failure refused(ModelRegistry registry, String name, Integer version) {
    return catchThrowableOfType(
            ServingException.class,
            () -> registry.require(Optional.ofNullable(name), Optional.ofNullable(version)))
        .failure();
  }

  private static Activation activation(ModelRegistry registry, String name) {
    return registry.require(Optional.of(name), Optional.empty()).activation();
  }
}
