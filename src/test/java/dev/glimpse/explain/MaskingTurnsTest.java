package dev.glimpse.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lets another long request, which takes the only worker for too long, in between two turns. */
@Timeout(60)
class MaskingTurnsTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static final GlimpseConfig CONFIG =
      Configs.of(
          Map.of(
              "glimpse.models.path",
              Fixtures.RESOURCES.resolve("models-heads").toString(),
              "glimpse.workers.count",
              "1",
              "glimpse.queue.size",
              "6",
              "glimpse.queue.timeout",
              "5s"));

  private final FakeTime time = new FakeTime();
  private final WorkerPool pool = new WorkerPool(CONFIG, time, time::after);
  private final ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());

  @Test
  void whatIsRefusedAnotherTurnIsAnsweredWithTheMasksUntilThen() throws Exception {
    assertThat(explain(120).get(1, TimeUnit.MINUTES).explanation().runs()).isBetween(121, 200);
  }

  @Test
  void withoutAMapItFails() {
    CompletableFuture<ExplainedImage> answer = explain(20);

    ExecutionException e =
        catchThrowableOfType(ExecutionException.class, () -> answer.get(1, TimeUnit.MINUTES));
    assertThat(e.getCause()).isInstanceOf(ServingException.class);
    assertThat(((ServingException) e.getCause()).failure()).isEqualTo(Failure.QUEUE_TIMEOUT);
    assertThat(pool.waiting()).isZero();
  }

  /** Runs so many masks in the first turn, and one in each that follows. */
  private CompletableFuture<ExplainedImage> explain(int masks) {
    try (TestRegistry registry = new TestRegistry(pool, metrics, CONFIG)) {
      CompletableFuture<ExplainedImage> answer =
          new RequestExecutor(pool, metrics)
              .execute(
                  new TestRequest<>("hidden-layer"),
                  (name, context) -> {
                    Model model = registry.models().require(Optional.of(name), Optional.empty());
                    return new MaskingTurns(
                            pool, context, 0.8, () -> begin(model, context, masks), this::answer)
                        .run(1);
                  })
              .toCompletableFuture();
      var unused = answer.handle((explained, failure) -> explained).join(); // before it is closed
      return answer;
    }
  }

  private MaskingMethod begin(Model model, RequestContext context, int masks) {
    var unused =
        pool.submitAsync(
            pool.admit(MINUTE),
            permit ->
                pool.resumeLong(
                    permit,
                    MINUTE.toNanos(),
                    () -> {
                      time.pass(Duration.ofSeconds(6));
                      return CompletableFuture.completedFuture("");
                    }));
    PreparedImage image =
        PreparedImage.of(
            new ImageDecoder(CONFIG, ImageCodecs.all()),
            model,
            new ImageFile(Bytes.of(Fixtures.image("scene.png"))),
            context.permit(),
            time);
    AtomicInteger read = new AtomicInteger();
    return new MaskingMethod(
        model,
        ResultOptions.of(ClassificationOptions.NONE, model),
        Optional.empty(),
        Method.RISE,
        image,
        // read three times for each mask
        () -> read.incrementAndGet() < 3 * masks ? time.getAsLong() : Long.MAX_VALUE / 2);
  }

  private ExplainedImage answer(Explanation explanation) {
    return new ExplainedImage(
        "hidden-layer",
        1,
        explanation,
        Optional.empty(),
        new Timing(0, 0, 0, 0, 0),
        Optional.empty());
  }
}
