package dev.glimpse.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Requests that are answered later, because they say {@code Prefer: respond-async}. */
public interface ResultsConfig {

  /**
   * Whether {@code POST /predict} and {@code POST /predict/batch} heed {@code Prefer:
   * respond-async}: they answer with 202 and the address of the result. If not, such a request is
   * answered at once.
   */
  @WithDefault("false")
  boolean enabled();

  /**
   * A folder of this instance alone, which exists, for jobs and results: then they outlive the
   * process, also if it is killed. Put it on a disk that outlives the container. Default: they are
   * in memory.
   */
  Optional<Path> folder();

  /**
   * Whether jobs and results are kept in the Redis of {@code glimpse.redis.url}, in place of {@link
   * #folder}: each replica then accepts, works on and returns the jobs of all, and goes on with
   * those of one that has ended. They are as safe as that Redis keeps its data, and what can read
   * it can read the images.
   */
  @WithDefault("false")
  boolean redis();

  /** How long a result is kept after it was made. */
  @WithDefault("1h")
  @DurationMin(seconds = 1)
  @DurationMax(days = 30)
  Duration ttl();

  /**
   * The most jobs that are kept, finished ones included; one more is answered with 503. Raise it
   * where clients send many and fetch them late.
   */
  @WithDefault("1000")
  @Min(1)
  @Max(100_000)
  int maxJobs();

  /**
   * The most bytes that the images of pending jobs and the results of finished ones may take
   * together; a job for which there is no room is answered with 503, and one whose body is larger
   * than that, or its result than half of it, with 413. They are on the Java heap, in the {@link
   * #folder}, or in Redis.
   */
  @WithDefault("64M")
  MemorySize maxBytes();

  /**
   * The most images of a {@code POST /predict/batch} that is answered later, in place of {@code
   * glimpse.batch.max-images}.
   */
  @WithDefault("5000")
  @Min(1)
  @Max(100_000)
  int maxImages();

  /**
   * How many workers work on jobs at a time, while no request needs them. Default: half of them.
   */
  @Min(1)
  @Max(1024)
  OptionalInt workers();

  /** Results that are sent to where their requests say. */
  CallbackConfig callback();
}
