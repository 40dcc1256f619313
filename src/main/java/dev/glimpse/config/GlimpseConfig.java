package dev.glimpse.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Every setting of the service. A value out of bounds, or a key that is not listed here, stops the
 * start. Facts about one model live in that model's folder, not here.
 */
@ConfigMapping(prefix = "glimpse")
public interface GlimpseConfig {

  /** Where the model repository is, if nobody says. */
  String MODELS = "models";

  /** Which models are served, and from where. */
  Models models();

  /** What of the models may change while the service runs. */
  Repository repository();

  /** Who may change what the service does. */
  Admin admin();

  /** How large a picture may be, and how it is decoded. */
  Image image();

  /** How many pictures are worked on at a time. */
  Workers workers();

  /** How many requests may wait, and for how long. */
  Queue queue();

  /** What one request with several pictures may hold. */
  Batch batch();

  /**
   * How pictures of different requests are run together, by the model's name, for all its versions;
   * a model that is not named here runs each picture alone. On a CPU that is best for nearly every
   * model, because a worker with a single picture keeps its core busy and the picture in its cache.
   */
  Map<String, Batching> batching();

  /** How long a request may take altogether. */
  Deadline deadline();

  /** Answers that are kept for whoever asks the same. */
  Cache cache();

  /** Pictures that are fetched by their URLs. */
  Url url();

  /** How models are run. */
  Engine engine();

  /** How the service ends. */
  Drain drain();

  /** Where Vertex AI looks for the service. */
  Vertex vertex();

  /** Which models are served, and from where. */
  interface Models {

    /**
     * The model repository: a folder that holds one folder a model, {@code <name>/<version>/}.
     * Relative to the folder the service is started in.
     */
    @WithDefault(MODELS)
    Path path();

    /**
     * The model that answers a request that names none. Not needed when the repository holds one
     * model only; with several and no default, a request has to name its model.
     */
    @WithName("default")
    Optional<
            @Pattern(
                regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
                message = "must be the name of a model in the repository")
            String>
        defaultName();

    /**
     * Inferences that each model runs before the service says it is ready, on noise; one on a
     * picture comes after them. Left out: 3 on a JVM, 1 in a native executable, which has nothing
     * to compile. Raise it when the first answers are slower than the rest; lower it to start
     * sooner.
     */
    @Min(1)
    @Max(1000)
    OptionalInt warmUp();

    /** What is set of one model, by its name. */
    @WithParentName
    Map<String, Serving> byName();
  }

  /** How one model is served. */
  interface Serving {

    /**
     * Which versions answer the requests that name none, each with its weight: {@code 1:90,2:10}
     * lets a tenth of them try version 2, always the same {@code X-Request-ID}s; {@code 1} goes
     * back to version 1. Left out: the highest answers all.
     */
    Optional<
            @Pattern(
                regexp =
                    VersionNumber.PATTERN
                        + "(:[0-9]{1,5})?(,"
                        + VersionNumber.PATTERN
                        + "(:[0-9]{1,5})?){0,99}",
                message = "must be a version, or versions with their weights such as 1:90,2:10")
            String>
        traffic();
  }

  /** What of the models may change while the service runs. */
  interface Repository {

    /**
     * How long to wait between two looks at the repository. A version that is new there, or has
     * changed, is loaded and takes the old one's place, once it has looked the same twice; one that
     * is gone is unloaded. Raise it where listing folders is dear; lower it to serve new versions
     * sooner. Left out: nobody looks, which is right where a new version is a new image.
     */
    Optional<@DurationMin(millis = 100) @DurationMax(days = 1) Duration> poll();

    /**
     * Whether {@code /v2/repository/models/{model}/load} and {@code unload} do as they are told, by
     * whoever has {@code glimpse.admin.token}; they answer 403 otherwise.
     */
    @WithDefault("false")
    boolean control();
  }

  /** Who may change what the service does. */
  interface Admin {

    /**
     * The secret that has to come with such a request, as {@code Authorization: Bearer …}: 16
     * characters or more, visible ones of ASCII. To be set in the environment, {@code
     * GLIMPSE_ADMIN_TOKEN}. Left out: nobody may.
     */
    Optional<
            @Pattern(
                regexp = "[!-~]{16,1024}",
                message = "must be 16 to 1024 visible ASCII characters without spaces")
            String>
        token();
  }

  /** How large a picture may be, and how it is decoded. */
  interface Image {

    /** How closely a picture is decoded. */
    enum Decode {
      /**
       * A JPEG that is much larger than the model's input is decoded at a half, a quarter or an
       * eighth of its size, if that leaves at least four times the pixels, in each direction, that
       * the model's resize asks for. Scores then differ from {@link #EXACT} by some hundredths;
       * where two classes are as good as even, another may come first.
       */
      FAST,
      /** Every picture is decoded in its whole size, as the reference does it. */
      EXACT
    }

    /**
     * The largest request body in bytes; a larger one is answered with 413 before it is read to its
     * end. Raise it for larger pictures; each waiting request may hold this much memory.
     */
    @WithDefault("10M")
    MemorySize maxBytes();

    /**
     * The most pixels (width × height) of a picture, read from its header; more are answered with
     * 413 before anything is decoded. It bounds the time that a picture takes; raise it for
     * panoramas.
     */
    @WithDefault("50000000")
    @Min(1)
    @Max(500_000_000)
    long maxPixels();

    /**
     * How much memory one picture may take while it is decoded, beside its file; one that would
     * take more is answered with 413 before it is decoded. Most take 3 bytes a pixel, or less where
     * {@link #decode} makes them smaller; WebP takes 7 or 8, and a JPEG in several scans up to 12.
     * Left out: a quarter of the machine's memory, or of the container's limit, shared out among
     * the workers. Raise it for larger pictures where there is memory for as many of them as there
     * are workers; lower it when other programs need the memory.
     */
    Optional<MemorySize> maxMemory();

    /**
     * Native memory for decoded JPEG and WebP pictures that is kept from one picture to the next,
     * over all workers. A picture takes 3 bytes a pixel: 37 MB for 12 megapixels. Raise it to
     * workers × the usual picture's memory, as memory that is new has to be got from the system
     * page by page. Lower it, to 0 at the least, to hold less between requests; what one request
     * takes at its peak stays the same.
     */
    @WithDefault("64M")
    MemorySize keptMemory();

    /**
     * {@code fast} spares time and memory on large JPEGs, where libjpeg-turbo is there: 12
     * megapixels take little more than half the time, and are decoded to a quarter of the pixels.
     * {@code exact} gives the scores that the reference gives, for a picture of any size.
     */
    @WithDefault("fast")
    Decode decode();
  }

  /** How many pictures are worked on at a time. */
  interface Workers {

    /**
     * Threads that decode and infer, one ONNX Runtime intra-op thread each. Left out: the number of
     * CPUs, or the container's CPU limit if that is lower. Raising it past the CPUs makes every
     * answer slower and none faster; lower it to leave CPU to other programs.
     */
    @Min(1)
    @Max(1024)
    OptionalInt count();

    /**
     * How long one picture may keep a worker before the worker counts as stuck, which makes {@code
     * /q/health/live} say DOWN, so that the platform starts the service anew. Raise it for models
     * that take so long; lower it to be rid of a hung worker sooner.
     */
    @WithDefault("60s")
    @DurationMin(millis = 1)
    Duration stuckAfter();
  }

  /** How many requests may wait, and for how long. */
  interface Queue {

    /**
     * Requests that may wait for a worker; one more is answered with 503 and {@code Retry-After}.
     * Raise it to ride out bursts at the price of longer waits (and of {@code max-bytes} of memory
     * each); lower it to refuse sooner. 0 refuses whatever no worker is free for.
     */
    @WithDefault("64")
    @Min(0)
    @Max(100_000)
    int size();

    /**
     * How long a request may wait for a worker; one that has waited longer, or at the present pace
     * would have to, is answered with 503 and {@code Retry-After}. Raise it where a late answer is
     * better than none; lower it so that callers hear sooner that they should ask elsewhere.
     */
    @WithDefault("5s")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration timeout();

    /**
     * How long a client may take to send its body; a slower one is answered with 408. Its place in
     * the queue is taken for that long, so lower it where clients are near; raise it for slow
     * networks.
     */
    @WithDefault("30s")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration bodyTimeout();
  }

  /** What one request with several pictures may hold. */
  interface Batch {

    /**
     * The most pictures of a {@code POST /predict/batch}; more are answered with 413. All of them
     * together are bounded by {@code glimpse.image.max-bytes}, which goes for every body. Raise it
     * to spare clients requests; lower it so that no request takes long.
     */
    @WithDefault("32")
    @Min(1)
    @Max(1000)
    int maxImages();
  }

  /** How one model's pictures are run together. */
  interface Batching {

    /**
     * The most pictures of one run; 1 runs each alone, without waiting. Raise it for a model that
     * is faster so, which has to be measured; each takes as much memory as the model's input, some
     * batches over. Lower it when answers take too long.
     */
    @WithDefault("1")
    @Min(1)
    @Max(256)
    int maxBatchSize();

    /**
     * How long the first picture of a batch waits for others. No worker waits with it. Raise it to
     * fill batches when requests are few; lower it for faster answers, as every request that finds
     * no company waits for this long.
     */
    @WithDefault("5ms")
    @DurationMin(nanos = 0)
    @DurationMax(seconds = 10)
    Duration maxDelay();

    /**
     * Numbers of pictures, none above {@code max-batch-size}, that are run at once when so many are
     * ready and no other is about to be. Name those that the model is fast with; left out, only a
     * full batch is run before its time.
     */
    Optional<List<@Min(1) @Max(256) Integer>> preferredSizes();
  }

  /** How long a request may take altogether. */
  interface Deadline {

    /**
     * How long a request may take, from its first line to its answer, if its headers do not say;
     * after that it is answered with 504, and dropped if no worker has begun with it. Raise it for
     * slow models; lower it to what callers wait for.
     */
    @WithName("default")
    @WithDefault("30s")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration defaultTime();

    /**
     * The longest that the headers {@code grpc-timeout} and {@code x-envoy-expected-rq-timeout-ms}
     * can make it; what asks for more gets this. Raise it to let callers wait longer than the
     * default; lower it to hold all of them to less.
     */
    @WithDefault("60s")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration max();
  }

  /** Answers that are kept for whoever asks the same. */
  interface Cache {

    /**
     * Memory for answers that are kept, for the same bytes, model, {@code top_k} and language; 0
     * keeps none, and hashes nothing. An answer of five classes takes about 400 bytes, so 16M hold
     * 40,000. Raise it where the same pictures come again: such an answer takes as long as hashing
     * the picture does. Lower it when {@code glimpse_cache_lookups_total} shows few hits.
     */
    @WithDefault("0")
    MemorySize maxBytes();

    /**
     * How long an answer is kept at most. Left out: until it has to make room for another, as a
     * model that is loaded anew is asked anew anyway. Lower it where nothing of a picture may stay
     * for long.
     */
    Optional<@DurationMin(millis = 1) Duration> ttl();
  }

  /** Pictures that are fetched by their URLs, from public addresses only. */
  interface Url {

    /**
     * Whether a picture may be sent as its URL. Whoever may ask can then have this service fetch
     * from any public address, or from {@link #hosts}, so name those where they are known.
     */
    @WithDefault("false")
    boolean enabled();

    /**
     * Whether {@code http://} will do, too. Leave it off: what comes unencrypted may be anything.
     */
    @WithDefault("false")
    boolean http();

    /**
     * The hosts that pictures are fetched from: {@code images.example.com}, or {@code
     * *.example.com} for every name below it. Their addresses have to be public all the same. Left
     * out: every host that has public addresses only.
     */
    Optional<
            List<
                @Pattern(
                    regexp = "(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?",
                    message = "must be a host name such as images.example.com or *.example.com")
                String>>
        hosts();

    /** The ports that pictures are fetched from. Left out: 443, and with {@code http} 80. */
    Optional<List<@Min(1) @Max(65_535) Integer>> ports();

    /**
     * How long a picture may take to come, redirects and all; one that takes longer is answered
     * with 504. The request's own deadline holds as well. A place in the queue is taken for that
     * long: lower it where hosts are fast, raise it for slow ones.
     */
    @WithDefault("10s")
    @DurationMin(millis = 1)
    @DurationMax(minutes = 10)
    Duration timeout();

    /** How many redirects are followed, each checked as the URL itself is. */
    @WithDefault("3")
    @Min(0)
    @Max(10)
    int redirects();
  }

  /** How models are run. */
  interface Engine {

    /**
     * Whether ONNX Runtime keeps the memory of its runs for the next ones, in an arena that never
     * shrinks. {@code false} leaves that to malloc, at the same speed: glibc's then keeps less
     * after large batches, and more after single pictures. With {@code
     * MALLOC_MMAP_THRESHOLD_=1048576} in the environment too, it gives back what a run has taken,
     * and a run takes two thirds as long again. MobileNetV2, two workers, the whole process after
     * 200 single pictures: 259 MiB with the arena, 340 to 410 without, 223 with the variable. Its
     * weights and runs alone after batches of 16: 390, 110 and 40 MiB.
     */
    @WithDefault("true")
    boolean arena();
  }

  /** How the service ends. */
  interface Drain {

    /**
     * After SIGTERM the service answers until no request has come for this long, counted from the
     * last one: an idle service ends at once. Raise it where load balancers are slow to hear that
     * it is leaving, or requests are rare; 0 takes no new connections from the signal on.
     */
    @WithDefault("2s")
    @DurationMin(millis = 0)
    @DurationMax(days = 1)
    Duration quiet();

    /**
     * The longest that it goes on so when requests keep coming; then it takes no new connections,
     * finishes what is under way, 10 seconds at most, and ends. Keep it at least 15 seconds below
     * the platform's own limit (Kubernetes kills after 30).
     */
    @WithDefault("10s")
    @DurationMin(millis = 0)
    @DurationMax(days = 1)
    Duration max();
  }

  /** Where Vertex AI looks for the service: it says so in the environment, and nobody else need. */
  interface Vertex {

    /**
     * One more address of {@code GET /ping}, beginning with a slash: {@code AIP_HEALTH_ROUTE} in
     * the environment. Left out: none.
     */
    Optional<
            @Pattern(
                regexp = "/[A-Za-z0-9._:/-]{0,250}",
                message = "must be a path that begins with a slash")
            String>
        healthRoute();

    /**
     * One more address of {@code POST /v1/models/{model}:predict} for the default model, beginning
     * with a slash: {@code AIP_PREDICT_ROUTE} in the environment. Left out: none.
     */
    Optional<
            @Pattern(
                regexp = "/[A-Za-z0-9._:/-]{0,250}",
                message = "must be a path that begins with a slash")
            String>
        predictRoute();
  }
}
