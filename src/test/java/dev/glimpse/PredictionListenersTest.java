package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFacts;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.pipeline.Prediction;
import dev.glimpse.pipeline.PredictionListener;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.pipeline.TensorCall;
import dev.glimpse.pipeline.TensorRequest;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests what listeners hear of predictions, whatever the kind of request. */
class PredictionListenersTest {

  private static final GlimpseConfig CONFIG =
      Configs.of(
          Map.of(
              "glimpse.models.path", Fixtures.MODELS.toString(),
              "glimpse.cache.max-bytes", "1M",
              "glimpse.workers.count", "1"));

  private final List<Prediction> heard = new CopyOnWriteArrayList<>();
  private final ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());
  private final WorkerPool workers = new WorkerPool(CONFIG);
  private final TestRegistry registry = new TestRegistry(workers, metrics, CONFIG);

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void hearsOfAnImage() {
    ClassificationResult result = classify(service(heard::add), request("red.jpg"));

    Prediction one = only();
    assertThat(one.requestId()).isEqualTo("test");
    assertThat(one.path()).isEqualTo("/test");
    assertThat(one.position()).isZero();
    assertThat(one.model().name()).isEqualTo("colors");
    assertThat(one.model().version()).isEqualTo(result.version());
    assertThat(one.activation()).isEqualTo(one.model().activation());
    assertThat(one.best()).isEqualTo(result.classifications());
    assertThat(one.scores()).hasSize(one.model().labels().count());
    assertThat(one.scores()[one.best().get(0).index()]).isEqualTo(one.best().get(0).score());
    assertThat(one.timing()).isEqualTo(result.timing());
    assertThat(one.cached()).isFalse();
    ImageFacts image = one.image().orElseThrow();
    assertThat(image.format()).isEqualTo("JPEG");
    assertThat(image.bytes()).isEqualTo(Fixtures.image("red.jpg").length);
    assertThat(image.brightness()).isEmpty();
  }

  /** Of a photo that lies on its side, the client knows the upright width and height. */
  @Test
  void hearsTheUprightSize() {
    SimulatedService service = service(heard::add);
    classify(service, request("orientation-1.jpg"));
    classify(service, request("orientation-6.jpg"));

    ImageFacts upright = heard.get(0).image().orElseThrow();
    ImageFacts turned = heard.get(1).image().orElseThrow();
    assertThat(upright.width()).isNotEqualTo(upright.height());
    assertThat(turned.width()).isEqualTo(upright.width());
    assertThat(turned.height()).isEqualTo(upright.height());
  }

  @Test
  void hearsOfACachedResult() {
    SimulatedService service = service(heard::add);
    classify(service, request("red.jpg"));
    classify(service, request("red.jpg"));

    assertThat(heard).extracting(Prediction::cached).containsExactly(false, true);
    Prediction second = heard.get(1);
    assertThat(second.best()).isEqualTo(heard.get(0).best());
    assertThat(second.scores()).isEmpty();
    assertThat(second.image()).isEmpty();
  }

  @Test
  void hearsWhichActivationMadeTheScores() {
    classify(
        service(heard::add),
        request(
            "red.jpg", ClassificationOptions.NONE.withActivation(Optional.of(Activation.NONE))));

    assertThat(only().activation()).isEqualTo(Activation.NONE);
  }

  @Test
  void hearsOfEachImageOfABatch() {
    List<Supplier<ClassificationRequest>> images =
        List.of(
            () -> request("red.jpg"), () -> request("truncated.jpg"), () -> request("green.jpg"));

    var unused =
        service(heard::add)
            .many()
            .classify(new TestRequest<>(new BatchClassifier.Content(request("red.jpg"), images)))
            .toCompletableFuture()
            .join();

    assertThat(heard).extracting(Prediction::position).containsExactly(0, 2);
    assertThat(heard).extracting(Prediction::requestId).containsOnly("test");
    assertThat(heard).extracting(Prediction::path).containsOnly("/test");
  }

  @Test
  void hearsOfEachImageOfATensor() {
    var unused =
        infer(model ->
            Tensor.ofStrings(
                model.session().input().name(),
                List.of(2L),
                List.of(Fixtures.image("green.jpg"), Fixtures.image("red.jpg"))));

    assertThat(heard).extracting(Prediction::position).containsExactly(0, 1);
    assertThat(heard).extracting(one -> label(one)).containsExactly("green", "red");
    assertThat(heard)
        .allSatisfy(one -> {
          assertThat(one.image().orElseThrow().format()).isEqualTo("JPEG");
          assertThat(one.scores()).hasSize(one.model().labels().count());
        });
  }

  /** Pixels of no image: the model sees grey, and has scores for it. */
  @Test
  void hearsOfEachRowOfATensorOfNumbers() {
    var unused = infer(model -> twoRows(model, (byte) 0));

    assertThat(heard).extracting(Prediction::position).containsExactly(0, 1);
    assertThat(heard)
        .allSatisfy(one -> {
          assertThat(one.image()).isEmpty();
          assertThat(one.best()).isNotEmpty();
          assertThat(one.timing().total()).isGreaterThanOrEqualTo(one.timing().inference());
        });
  }

  @Test
  void hearsNothingOfARowWithoutScores() {
    var unused = infer(model -> twoRows(model, (byte) -1)); // four of these bytes are no number

    assertThat(heard).extracting(Prediction::position).containsExactly(1);
  }

  /** Makes a tensor of two images: of the bytes, and of zeros. */
  private static Tensor twoRows(Model model, byte first) {
    TensorSpec input = model.session().input();
    List<Long> shape = List.of(2L, input.dimension(1), input.dimension(2), input.dimension(3));
    long elements = shape.stream().reduce(1L, (a, b) -> a * b);
    byte[] bytes = new byte[(int) elements * input.elementBytes()];
    Arrays.fill(bytes, 0, bytes.length / 2, first);
    return new Tensor(new TensorSpec(input.name(), input.type(), shape), ByteBuffer.wrap(bytes));
  }

  @Test
  void hearsNothingOfWhatFails() {
    SimulatedService service = service(heard::add);

    assertThatThrownBy(() -> classify(service, request("truncated.jpg")))
        .hasCauseInstanceOf(ServingException.class);
    assertThat(heard).isEmpty();
  }

  @Test
  void measuresBrightnessWhereOneListenerNeedsIt() {
    SimulatedService service =
        service(
            heard::add,
            new PredictionListener() {
              @Override
              public boolean needsBrightness() {
                return true;
              }

              @Override
              public void predicted(Prediction prediction) {}
            });

    classify(service, request("red.jpg"));

    assertThat(only().image().orElseThrow().brightness().orElseThrow())
        .isCloseTo(0.299, within(0.1));
  }

  @Test
  void failureOfAListenerConcernsNeitherTheRequestNorTheOthers() {
    ClassificationResult result =
        classify(
            service(
                prediction -> {
                  throw new IllegalStateException("told to fail");
                },
                heard::add),
            request("red.jpg"));

    assertThat(result.classifications()).isNotEmpty();
    assertThat(heard).hasSize(1);
  }

  @Test
  void failureToDescribeAPredictionConcernsNoOne() {
    PredictionListeners listeners = new PredictionListeners(List.of(heard::add));

    listeners.publish(() -> {
      throw new IllegalStateException("no such label");
    });

    assertThat(heard).isEmpty();
  }

  @Test
  void doesNotTellWhoIsOff() {
    PredictionListeners off =
        new PredictionListeners(
            List.of(
                new PredictionListener() {
                  @Override
                  public boolean isOn() {
                    return false;
                  }

                  @Override
                  public boolean needsBrightness() {
                    return true;
                  }

                  @Override
                  public void predicted(Prediction prediction) {}
                }));

    assertThat(off.isEmpty()).isTrue();
    assertThat(off.needBrightness()).isFalse();
    off.publish(() -> {
      throw new AssertionError("asked for a prediction that nothing hears of");
    });
  }

  private Prediction only() {
    assertThat(heard).hasSize(1);
    return heard.get(0);
  }

  private static String label(Prediction prediction) {
    return prediction.best().get(0).label();
  }

  private SimulatedService service(PredictionListener... listeners) {
    RequestMemory memory = new RequestMemory(CONFIG);
    return SimulatedService.of(
        workers,
        registry.models(),
        new ImageDecoder(CONFIG, ImageCodecs.all(), memory),
        new ResultCache(CONFIG, new CacheMetrics(new SimpleMeterRegistry())),
        metrics,
        CONFIG,
        memory,
        new PredictionListeners(List.of(listeners)));
  }

  private static ClassificationResult classify(
      SimulatedService service, ClassificationRequest request) {
    return service.one().classify(new TestRequest<>(request)).toCompletableFuture().join();
  }

  private static ClassificationRequest request(String image) {
    return request(image, ClassificationOptions.NONE);
  }

  private static ClassificationRequest request(String image, ClassificationOptions options) {
    return new ClassificationRequest(
        Bytes.of(Fixtures.image(image)), Optional.of("colors"), Optional.empty(), options);
  }

  private Integer infer(Function<Model, Tensor> input) {
    return service(heard::add)
        .tensors()
        .infer(new TestRequest<>(new Call(input)))
        .toCompletableFuture()
        .join();
  }

  /** Calls the model "colors". */
  private record Call(Function<Model, Tensor> input) implements TensorCall<String, Integer> {

    @Override
    public Optional<String> model() {
      return Optional.of("colors");
    }

    @Override
    public Optional<Integer> version() {
      return Optional.empty();
    }

    @Override
    public TensorRequest<String> parse(Model model) {
      return new TensorRequest<>(model, List.of(input.apply(model)), List.of(), "");
    }

    @Override
    public Integer encode(TensorRequest<String> request, List<Tensor> outputs) {
      return outputs.size();
    }
  }
}
