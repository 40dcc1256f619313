package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.OptionalInt;
import org.hibernate.validator.constraints.time.DurationMin;

/** How many images are processed at a time. */
public interface WorkersConfig {

  /**
   * Threads that decode and infer, one ONNX Runtime intra-op thread each. Default: the number of
   * CPUs, or the container's CPU limit if that is lower. More threads than CPUs make every response
   * slower and none faster; lower it to leave CPUs to other programs.
   */
  @Min(1)
  @Max(1024)
  OptionalInt count();

  /**
   * The time after which a worker that is still running the same task counts as stuck. {@code
   * /q/health/live} is then DOWN, so that the platform restarts the service. Raise it for models
   * that take so long; lower it to detect a hung worker sooner.
   */
  @WithDefault("60s")
  @DurationMin(millis = 1)
  Duration stuckAfter();
}
