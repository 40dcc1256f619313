package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How one model's images are batched. */
public interface BatchingConfig {

  /**
   * The most images of one run; 1 runs each alone, without waiting. Raise it for a model that
   * batching makes faster, which has to be measured; each image takes as much memory as the model's
   * input, in several batches at a time. Lower it if responses take too long.
   */
  @WithDefault("1")
  @Min(1)
  @Max(256)
  int maxBatchSize();

  /**
   * The time that the first image of a batch waits for others. No worker waits with it. Raise it to
   * fill batches when requests are few; lower it for faster responses, as a request that no other
   * joins waits for all of this time.
   */
  @WithDefault("5ms")
  @DurationMin(nanos = 0)
  @DurationMax(seconds = 10)
  Duration maxDelay();

  /**
   * Batch sizes, none above {@code max-batch-size}, that are run at once when so many images are
   * ready and no other is in preparation. Name those at which the model is fast. Default: only a
   * full batch is run before {@code max-delay}.
   */
  Optional<List<@Min(1) @Max(256) Integer>> preferredSizes();
}
