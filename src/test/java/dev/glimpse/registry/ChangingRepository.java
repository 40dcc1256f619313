package dev.glimpse.registry;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.repository.ModelRepository;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Repository;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A repository with one version of one model, and what serves it while a test changes it. */
abstract class ChangingRepository {

  private static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine(Configs.defaults());

  @TempDir Path folder;

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  Repository repository;
  ModelRegistry models;
  ModelReloader control;
  ServingMetrics metrics;

  @BeforeEach
  void oneModelOfOneVersion() {
    repository = new Repository(folder);
    repository.put("colors/1", "colors", 1);
  }

  @AfterEach
  void stop() {
    if (control != null) {
      control.stop(new ShutdownEvent());
      models.stop(new ShutdownEvent());
    }
  }

  void start(String... setting) {
    Map<String, String> settings = new HashMap<>();
    settings.put("glimpse.models.path", folder.toString());
    settings.put("glimpse.repository.control", "true");
    settings.put("glimpse.models.warm-up", "1");
    for (int i = 0; i < setting.length; i += 2) {
      settings.put(setting[i], setting[i + 1]);
    }
    GlimpseConfig config = Configs.of(settings);
    metrics = new ServingMetrics(meters);
    WorkerPool workers = new WorkerPool(config);
    ModelLoader loader = new ModelLoader(ENGINE, workers, metrics, config);
    ModelValidator validator =
        new ModelValidator(loader, new ImageDecoder(config, ImageCodecs.all()));
    models = new ModelRegistry(loader, validator, workers, metrics, config);
    models.start(new StartupEvent());
    control = new ModelReloader(models, validator, metrics, config);
    control.start(new StartupEvent());
  }

  RepositoryPoller poll() {
    return new RepositoryPoller(ModelRepository.at(folder), models, control::swapIn);
  }

  CompletionStage<Void> load() {
    return control.load("colors", Optional.empty(), Optional.empty());
  }

  static void done(CompletionStage<Void> change) {
    change.toCompletableFuture().join();
  }

  static ServingException refused(CompletionStage<Void> change) {
    return (ServingException)
        catchThrowableOfType(CompletionException.class, () -> done(change)).getCause();
  }

  int answering() {
    return answering("id");
  }

  int answering(String id) {
    try (ModelLease lease = models.lease(Optional.of("colors"), Optional.empty(), id)) {
      return lease.model().version();
    }
  }

  static void run(Model model) {
    model.session().borrow(model.preprocessor().shape(32, 32)).close();
  }

  /** What a request leaves in the meters. */
  void predictions() {
    new ServingMetrics(meters).requestEnded("colors", "2", "ok");
  }

  double reloads(String outcome) {
    var counter =
        meters.find("glimpse.model.reloads").tags("model", "colors", "outcome", outcome).counter();
    return counter == null ? 0 : counter.count();
  }

  static void golden(Path version, String name, String image) throws IOException {
    Path file = version.resolve("golden").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, Fixtures.image(image));
  }

  static String sha256sum(Path folder, String name) throws Exception {
    byte[] hash =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest(Files.readAllBytes(folder.resolve(name)));
    return java.util.HexFormat.of().formatHex(hash) + "  " + name + "\n";
  }
}
