package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.ClassifierHead;
import dev.glimpse.engine.EightBitWeights;
import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.OutputChoice;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Configs;
import dev.glimpse.support.ModelSigner;
import dev.glimpse.support.Repository;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LazyFeatureGraphTest {

  @TempDir private Path temporary;

  private final WorkerPool workers = new WorkerPool(Configs.defaults());
  private ModelFolder folder;

  @BeforeEach
  void copyTheModel() {
    folder = new ModelFolder("rgb", 1, new Repository(temporary).put("colors/1", "rgb", 1));
  }

  @AfterEach
  void stop() {
    workers.close();
  }

  /** Remembers the sessions that it has opened with further outputs. */
  private static final class Engine extends OnnxRuntimeEngine {
    private final List<Session> opened = new ArrayList<>();

    Engine(GlimpseConfig config) {
      super(config);
    }

    @Override
    public synchronized Session loadExposing(
        Path file, ClassifierHead head, EightBitWeights eightBit, OutputChoice choice) {
      Session session = super.loadExposing(file, head, eightBit, choice);
      opened.add(session);
      return session;
    }
  }

  private ModelLoader loader(OnnxRuntimeEngine engine, GlimpseConfig config) {
    return new ModelLoader(engine, workers, new ServingMetrics(new SimpleMeterRegistry()), config);
  }

  private Model load(Engine engine) {
    return loader(engine, Configs.defaults()).load(folder);
  }

  @Test
  void opensNothingUntilItIsAsked() {
    Engine engine = new Engine(Configs.defaults());
    load(engine).close();

    assertThat(engine.opened).isEmpty();
  }

  @Test
  void opensTheGraphOnceForAll() {
    Engine engine = new Engine(Configs.defaults());
    try (Model model = load(engine)) {
      LazyFeatureGraph featureGraph = model.featureGraph().orElseThrow();
      CompletableFuture<FeatureGraph> first = featureGraph.open();
      CompletableFuture<FeatureGraph> second = featureGraph.open();
      second.completeExceptionally(new ServingException(Failure.CLIENT_GONE, "has gone"));

      assertThat(first.join().session()).isPresent();
      assertThat(featureGraph.open().join()).isSameAs(first.join());
      assertThat(engine.opened).hasSize(1);
    }
  }

  @Test
  void isClosedWithTheModel() {
    Engine engine = new Engine(Configs.defaults());
    Model model = load(engine);
    Session session = model.featureGraph().orElseThrow().open().join().session().orElseThrow();
    model.close();

    assertThatThrownBy(() -> session.borrow(1, 3, 32, 32))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsOpenedTooLateIsClosedAtOnce() {
    Engine engine = new Engine(Configs.defaults());
    Model model = load(engine);
    LazyFeatureGraph featureGraph = model.featureGraph().orElseThrow();
    model.close();

    assertThatThrownBy(() -> featureGraph.open().join())
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("The model was closed");
    assertThatThrownBy(() -> engine.opened.get(0).borrow(1, 3, 32, 32))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void filesThatHaveChangedAreNotRead() throws Exception {
    Engine engine = new Engine(Configs.defaults());
    try (Model model = load(engine)) {
      Files.setLastModifiedTime(folder.graph(), FileTime.fromMillis(1));

      assertThatThrownBy(() -> model.featureGraph().orElseThrow().open().join())
          .hasCauseInstanceOf(ServingException.class)
          .hasMessageContaining("have changed since version 1 was loaded");
      assertThat(engine.opened).isEmpty();
    }
  }

  /** Opening it takes a core and memory, and a graph that is refused once is refused again. */
  @Test
  void aGraphThatIsRefusedIsOpenedOnce() {
    AtomicInteger tries = new AtomicInteger();
    OnnxRuntimeEngine engine =
        new OnnxRuntimeEngine(Configs.defaults()) {
          @Override
          public Session loadExposing(
              Path file, ClassifierHead head, EightBitWeights eightBit, OutputChoice choice) {
            tries.incrementAndGet();
            throw new EngineException("refused");
          }
        };
    try (Model model = loader(engine, Configs.defaults()).load(folder)) {
      LazyFeatureGraph featureGraph = model.featureGraph().orElseThrow();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> featureGraph.open().join())
            .hasCauseInstanceOf(ServingException.class)
            .hasMessageContaining("cannot be opened with further outputs");
      }

      assertThat(tries).hasValue(1);
    }
  }

  @Test
  void aSignedModelIsVerifiedAgain() throws Exception {
    ModelSigner signer = new ModelSigner("secp256r1");
    Path keys = Files.writeString(temporary.resolve("keys.pem"), signer.pem());
    GlimpseConfig config = Configs.of(Map.of("glimpse.models.verify", keys.toString()));
    signer.sign(folder.path());
    Engine engine = new Engine(config);
    try (Model model = loader(engine, config).load(folder)) {
      Files.writeString(keys, new ModelSigner("secp256r1").pem()); // the key counts no longer

      assertThatThrownBy(() -> model.featureGraph().orElseThrow().open().join())
          .hasMessageContaining("cannot be read again");
      Files.writeString(keys, signer.pem());
      assertThat(model.featureGraph().orElseThrow().open().join().session()).isPresent();
    }
  }

  @Test
  void theCheckOfAModelSaysWhatExplainsIt() {
    try (Model model = load(new Engine(Configs.defaults()))) {
      assertThat(model.facts().get())
          .anySatisfy(fact -> {
            assertThat(fact.name()).isEqualTo("explain");
            assertThat(fact.value()).isEqualTo("cam");
          });
    }
  }
}
