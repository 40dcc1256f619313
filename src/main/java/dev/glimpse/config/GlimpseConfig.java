package dev.glimpse.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
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
 * Lists every setting of the service. A value out of bounds, or a key that is not listed here,
 * stops the start. Facts about one model are in that model's folder, not here.
 */
@ConfigMapping(prefix = "glimpse")
public interface GlimpseConfig {

  /** The default of {@link Models#path}. */
  String MODELS = "models";

  /** Which models are served, and from where. */
  Models models();

  /** Whether models may change while the service runs, and how. */
  Repository repository();

  /** Which clients may change models while the service runs. */
  Admin admin();

  /** Which clients may ask. */
  Auth auth();

  /** How large an image may be, and how it is decoded. */
  Image image();

  /** What may be asked beyond classes. */
  Explain explain();

  /**
   * What scales images. All give the same tensors; without this setting the fastest that there is
   * here is used, which is the last of these. With {@code java} PNGs are decoded by Java, too. For
   * tests and measurements.
   */
  Optional<PixelCode> pixels();

  /** How many images are processed at a time. */
  Workers workers();

  /** How many requests may wait, and for how long. */
  Queue queue();

  /** How much memory requests may take together. */
  Memory memory();

  /** What is asked of clients. */
  Http http();

  /** A port of its own for what operators read. */
  Management management();

  /** Calls by gRPC. */
  Grpc grpc();

  /** The page for browsers. */
  Page page();

  /** Video that is classified as it comes. */
  Live live();

  /** How many images one request may hold. */
  Batch batch();

  /**
   * Dynamic batching of images of different requests, by the model's name, for all its versions; a
   * model that is not named here runs each image alone. On a CPU that is best for nearly every
   * model, because a worker with a single image keeps its core busy and the image in its cache.
   */
  Map<String, Batching> batching();

  /** How long a request may take altogether. */
  Deadline deadline();

  /** Results that are cached for equal requests. */
  Cache cache();

  /** The Redis that replicas share. */
  Redis redis();

  /** Images that are fetched by their URLs. */
  Url url();

  /** How models are run. */
  Engine engine();

  /** What is logged, and how. */
  Log log();

  /** Where traces are exported. */
  Otlp otlp();

  /** Where an event of each prediction goes. */
  Events events();

  /** Requests that are answered later. */
  Results results();

  /** How the service shuts down. */
  Drain drain();

  /** The addresses at which Vertex AI calls the service. */
  Vertex vertex();

  /** Which models are served, and from where. */
  interface Models {

    /**
     * The model repository: a folder that holds one folder per model, {@code <name>/<version>/}.
     * Relative to the working directory.
     */
    @WithDefault(MODELS)
    Path path();

    /**
     * The name of the model where {@link #path} is a model's own folder, which holds its files or
     * its versions. Default: the folder's name. A platform that puts each model into a folder of
     * the same name, as KServe does, needs it.
     */
    Optional<
            @Pattern(
                regexp = ModelName.PATTERN,
                message = "must be the name of a model: " + ModelName.WORDS)
            String>
        name();

    /**
     * The model for requests that name none. Default: the only model that is served, if there is
     * just one; with several and no default, a request has to name its model.
     */
    @WithName("default")
    Optional<
            @Pattern(
                regexp = ModelName.PATTERN,
                message = "must be the name of a model in the repository")
            String>
        defaultName();

    /**
     * Inferences on noise that each model runs before the service is ready; from 2 on, one on an
     * image follows. Default: 3 on a JVM, 1 in a native executable, which has nothing to compile.
     * Raise it if the first responses are slower than the rest; lower it to start sooner.
     */
    @Min(1)
    @Max(1000)
    OptionalInt warmUp();

    /**
     * A PEM file with the public keys or the authorities' certificates by which each version of a
     * model has to be signed: a version without a valid signature of OpenSSF Model Signing in its
     * folder, as {@code model.sig}, is not loaded. Default: no signature is needed, and none is
     * verified.
     */
    Optional<Path> verify();

    /** The settings of one model, by its name. */
    @WithParentName
    Map<String, Serving> byName();
  }

  /** How one model is served. */
  interface Serving {

    /**
     * The versions for requests that name none, each with its weight: {@code 1:90,2:10} sends a
     * tenth of them to version 2, always the same {@code X-Request-ID}s; {@code 1} goes back to
     * version 1. Default: the highest version.
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

  /** Whether models may change while the service runs, and how. */
  interface Repository {

    /**
     * The time between two scans of the repository. A new or changed version is loaded, and
     * replaces the old one, once two scans have found the same files; a deleted one is unloaded.
     * Raise it where listing folders is slow; lower it to serve new versions sooner. Default: no
     * scans, which is right where a new version comes as a new container image.
     */
    Optional<@DurationMin(millis = 100) @DurationMax(days = 1) Duration> poll();

    /**
     * Whether clients with {@code glimpse.admin.token} may call {@code
     * /v2/repository/models/{model}/load} and {@code unload}; if not, the response is 403.
     */
    @WithDefault("false")
    boolean control();
  }

  /** Which clients may change models while the service runs. */
  interface Admin {

    /**
     * The secret that such a request has to send as {@code Authorization: Bearer …}: 16 to 1024
     * visible ASCII characters. Set it in the environment, as {@code GLIMPSE_ADMIN_TOKEN}. Default:
     * no client may.
     */
    Optional<
            @Pattern(
                regexp = "[!-~]{16,1024}",
                message = "must be 16 to 1024 visible ASCII characters without spaces")
            String>
        token();
  }

  /**
   * Which clients may ask: all, unless {@link #keys} or {@link #jwt} is set. Then each request
   * needs a key or a token, but for probes.
   */
  interface Auth {

    /**
     * A file with a line for each key: a name, the key's SHA-256, the roles {@code predict}, {@code
     * observe} and {@code admin}, and possibly {@code rate=10/s}. {@code glimpse keys new} makes
     * keys and lines. It is read again when it changes. Default: no keys.
     */
    Optional<Path> keys();

    /** Which tokens count. */
    Jwt jwt();
  }

  /** Signed tokens of an issuer, as OAuth 2 and OpenID Connect use them. */
  interface Jwt {

    /**
     * The issuer's public keys, as a JSON Web Key Set: an {@code https://} address, fetched when
     * the first token comes, or the path of a file, read again when it changes. Default: no tokens.
     */
    Optional<String> keys();

    /** The claim {@code iss} that tokens must have, exactly. Needed with {@link #keys}. */
    Optional<String> issuer();

    /** One of the values of the claim {@code aud} that tokens must have. Needed with keys. */
    Optional<String> audience();

    /**
     * The claim that holds a caller's roles, as a list or as words; dots lead into objects, as in
     * {@code realm_access.roles}.
     */
    @WithDefault("scope")
    @Pattern(
        regexp = "[^.]+(\\.[^.]+)*",
        message = "must be the name of a claim; dots lead into objects")
    String rolesClaim();

    /**
     * What roles begin with, where an issuer's roles are for several services: with {@code
     * glimpse:}, {@code glimpse:predict} is the role {@code predict}. Default: nothing.
     */
    Optional<String> rolesPrefix();
  }

  /** How large an image may be, and how it is decoded. */
  interface Image {

    /** How exactly an image is decoded. */
    enum Decode {
      /**
       * A JPEG that is much larger than the model's input is decoded at a half, a quarter or an
       * eighth of its size, if that leaves at least four times the pixels, in each direction, that
       * the model's resize needs. Scores then differ from {@link #EXACT} by some hundredths; where
       * two classes have nearly equal scores, their order may change.
       */
      FAST,
      /** Every image is decoded at full size, as in the reference. */
      EXACT
    }

    /**
     * The largest request body in bytes; a larger one is answered with 413 before all of it is
     * read. The default takes what phones of 200 megapixels write; where {@code
     * glimpse.memory.bodies} is smaller, that is the limit. Lower it to what clients send.
     */
    @WithDefault("32M")
    MemorySize maxBytes();

    /**
     * The most pixels (width × height) of an image, read from its header; an image with more is
     * answered with 413 before it is decoded. This bounds the time that an image takes. The default
     * takes JPEGs of 200 megapixels, which are decoded at a fraction of their size; other formats
     * reach {@link #maxMemory} before it.
     */
    @WithDefault("250000000")
    @Min(1)
    @Max(500_000_000)
    long maxPixels();

    /**
     * The most memory that decoding one image may take besides its file; an image that needs more
     * is answered with 413 before it is decoded. Most need 3 bytes per pixel, or less where {@link
     * #decode} makes them smaller; WebP needs 7 or 8, HEIC and AVIF up to 35, and a JPEG in several
     * scans up to 12. Default: a quarter of the machine's memory, or of the container's limit,
     * divided by the number of workers, and at most 512 MiB. Raise it for larger images if there is
     * memory for one per worker; lower it if other programs need the memory.
     */
    Optional<MemorySize> maxMemory();

    /**
     * Native memory for decoded JPEG, PNG, WebP, HEIC and AVIF images that is kept for later ones,
     * over all workers. An image takes 3 bytes per pixel: 37 MB for 12 megapixels. Raise it to
     * workers × a usual image's memory, as the system provides new memory page by page, which is
     * slow. Lower it, down to 0, to hold less between requests; the peak of one request stays the
     * same.
     */
    @WithDefault("64M")
    MemorySize keptMemory();

    /**
     * {@code fast} saves time and memory on large JPEGs, where libjpeg-turbo is installed: 12
     * megapixels take little more than half the time, and are decoded to a quarter of the pixels.
     * {@code exact} gives the scores of the reference, for an image of any size.
     */
    @WithDefault("fast")
    Decode decode();
  }

  /** What scales images. Each is faster than the one before; all give the same samples. */
  enum PixelCode {
    /** Java alone. */
    JAVA,
    /** The library in C, with what every processor has. */
    BASELINE,
    /** The library in C, with vectors of 256 bits, which x86-64 processors have had since 2013. */
    AVX2
  }

  /** How many images are processed at a time. */
  interface Workers {

    /**
     * Threads that decode and infer, one ONNX Runtime intra-op thread each. Default: the number of
     * CPUs, or the container's CPU limit if that is lower. More threads than CPUs make every
     * response slower and none faster; lower it to leave CPUs to other programs.
     */
    @Min(1)
    @Max(1024)
    OptionalInt count();

    /**
     * The time after which a worker that is still running the same job counts as stuck. {@code
     * /q/health/live} is then DOWN, so that the platform restarts the service. Raise it for models
     * that take so long; lower it to detect a hung worker sooner.
     */
    @WithDefault("60s")
    @DurationMin(millis = 1)
    Duration stuckAfter();
  }

  /** How many requests may wait, and for how long. */
  interface Queue {

    /**
     * Requests that may wait for a worker; one more is answered with 503 and {@code Retry-After}.
     * Raise it to absorb bursts at the price of longer waits (and of {@code max-bytes} of memory
     * each); lower it to refuse sooner. 0 refuses a request unless a worker is free.
     */
    @WithDefault("64")
    @Min(0)
    @Max(100_000)
    int size();

    /**
     * The longest wait for a worker; a request that has waited longer, or is expected to, is
     * answered with 503 and {@code Retry-After}. Raise it where a late response is better than
     * none; lower it so that clients can try another instance sooner.
     */
    @WithDefault("5s")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration timeout();

    /**
     * The time that a client may take to send its body; a slower one is answered with 408. Its slot
     * in the queue is taken meanwhile, so lower it where clients are near; raise it for slow
     * networks.
     */
    @WithDefault("30s")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration bodyTimeout();
  }

  /** How much memory requests may take together. */
  interface Memory {

    /**
     * Memory for bodies, from the first byte until the request ends, downloads included. A request
     * that finds none left waits as long as for a worker, without being read, and is then answered
     * with 503. Left out: a quarter of the heap, or an eighth of the container's or the machine's
     * memory if that is less. Raise it where there is memory for more large bodies; lower it when
     * other programs need the memory.
     */
    Optional<MemorySize> bodies();

    /**
     * Memory on the Java heap for what workers parse and decode; a worker that finds none left
     * waits for the others. Left out: a quarter of the heap, or of the container's or the machine's
     * memory if that is less. Raise it for large PNG or TIFF images.
     */
    Optional<MemorySize> work();
  }

  /** What is asked of clients. */
  interface Http {

    /**
     * Connections that may be open. For one more, the connection that has been without a request
     * for the longest time is closed; if all have one, the new connection is. Default: 2048, or as
     * many as the process may open files ({@code ulimit -n}) if that is less. Raise it for more
     * clients at a time; each idle one takes about 10 kB.
     */
    @Min(1)
    @Max(1_000_000)
    OptionalInt maxConnections();

    /**
     * Connections that may be open from one client address, or from one /64 network of IPv6; a
     * further one is closed. Default: no limit, because behind a proxy, a load balancer or
     * Knative's queue-proxy all clients have one address. Set it where clients connect directly.
     */
    @Min(1)
    @Max(1_000_000)
    OptionalInt maxConnectionsPerAddress();

    /**
     * HTTP/2 streams that a connection may have open, also before it has acknowledged the limit; a
     * further one is refused, and clients open it later. Raise it for a proxy that sends all
     * requests over few connections. Below 100, clients that do not wait for the limit lose time.
     */
    @WithDefault("100")
    @Min(1)
    @Max(100_000)
    int maxStreams();

    /**
     * Bytes of responses that clients may leave unread, over all connections; beyond it, the
     * connection that has not read for the longest time is closed. A connection with a sixteenth of
     * it gets no further HTTP/2 stream. Raise it for large responses to many slow clients; lower it
     * where memory is scarce.
     */
    @WithDefault("32M")
    MemorySize maxUnread();

    /**
     * The time that the head of a request may take to arrive, from its first byte; then the
     * connection is closed. Raise it for very slow networks.
     */
    @WithDefault("10s")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration headerTimeout();

    /**
     * The time after which a connection without a request is closed. Keep it above the time for
     * which a load balancer keeps its connections (600 seconds on Google Cloud), or it may send a
     * request over a connection that is being closed.
     */
    @WithDefault("11m")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration idleTimeout();

    /**
     * The time for which a client may read nothing of a response that it has not read; then the
     * connection is closed. A client that reads slowly is not affected. Raise it for clients that
     * pause while they read.
     */
    @WithDefault("30s")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration writeTimeout();

    /**
     * The least bytes a second of a body, counted after its first five seconds; a slower one is
     * answered with 408. A body that takes longer than a quarter of a second gives up its slot when
     * another request needs one, and one that makes less than a second's progress in a second its
     * memory: it is ended with 408 if another request waits for that. Raise it where clients are
     * near; lower it for slow networks. 0 lets each body take {@code glimpse.queue.body-timeout},
     * and keep what it holds.
     */
    @WithDefault("1K")
    MemorySize minRate();

    /**
     * Requests that each caller may send, such as {@code 10/s}, {@code 600/m} or {@code 5000/h},
     * also all at once; for one more the answer is 429. Callers with a key are told apart by its
     * name, others by their address. A key may have a rate of its own. Default: no limit.
     */
    Optional<
            @Pattern(
                regexp = "[1-9][0-9]{0,8}/[smh]",
                message = "must be a number of requests per s, m or h such as 10/s")
            String>
        rate();

    /**
     * Addresses and networks of proxies, such as {@code 10.0.0.0/8}, that add their client's
     * address to {@code X-Forwarded-For}. Default: none, and each connection's own address counts.
     */
    Optional<
            List<
                @Pattern(
                    regexp =
                        "((25[0-5]|(2[0-4]|1[0-9]|[1-9])?[0-9])(\\.(25[0-5]|(2[0-4]|1[0-9]|[1-9])?[0-9])){3}"
                            + "(/(3[0-2]|[12]?[0-9]))?"
                            + "|[0-9A-Fa-f:]{2,39}(/(12[0-8]|(1[01]|[1-9])?[0-9]))?)",
                    message = "must be an address or a network such as 10.0.0.0/8")
                String>>
        trustedProxies();
  }

  /** A port of its own for what operators read. */
  interface Management {

    /**
     * The port, and possibly the address, at which metrics, health and the OpenAPI document are
     * served, such as {@code 9000}, {@code 127.0.0.1:9000} or {@code [::1]:9000}; the service's own
     * port then has no {@code /q/…}. It speaks plain HTTP, and asks for the same keys. Port 0 is
     * any free one. Default: one port serves everything.
     */
    Optional<
            @Pattern(
                regexp =
                    "(([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}\\]):)?"
                        + "(0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6([0-4][0-9]{3}|5([0-4][0-9]{2}|5([0-2][0-9]|3[0-5]))))",
                message = "must be a port, or an address and a port such as 127.0.0.1:9000")
            String>
        listen();
  }

  /** Calls by gRPC, on the port of HTTP. */
  interface Grpc {

    /**
     * Whether clients can ask by gRPC's server reflection which services and messages there are, so
     * that grpcurl and its like need no files. It tells nothing of the models, and needs a key as
     * they do.
     */
    @WithDefault("false")
    boolean reflection();
  }

  /** The page for browsers. */
  interface Page {

    /**
     * Whether {@code GET /} answers browsers with a page on which images can be classified, and
     * other clients with a list of the endpoints. It needs no key, and shows nothing but what the
     * endpoints answer. Turn it off where nothing but the endpoints should be reachable.
     */
    @WithDefault("true")
    boolean enabled();
  }

  /** Video that is classified as it comes. */
  interface Live {

    /**
     * The most connections to {@code /predict/live} at a time, of which one client network has at
     * most half; a further one is answered with 503, and with 0 each is. Raise it for more cameras,
     * which then get fewer answers a second each, or behind a proxy that is not trusted, whose
     * clients are one network. A connection may take as much memory as five frames of {@code
     * max-frame}: up to two while one arrives, and one each that is put together, that waits and
     * that is worked on.
     */
    @WithDefault("16")
    @Min(0)
    @Max(10_000)
    int maxConnections();

    /**
     * The largest frame, an encoded image; a larger one is answered with a problem, and one of more
     * than twice the size ends its connection. Raise it for large images, if there is the memory.
     */
    @WithDefault("1M")
    MemorySize maxFrame();

    /**
     * The time after which a connection is closed that sends no frame. Raise it for cameras that
     * send seldom; lower it so that others find a free connection sooner.
     */
    @WithDefault("1m")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration idleTimeout();
  }

  /** How many images one request may hold. */
  interface Batch {

    /**
     * The most images of a {@code POST /predict/batch}; more are answered with 413. Their total
     * size is bounded by {@code glimpse.image.max-bytes}, which applies to every body. Raise it so
     * that clients need fewer requests; lower it so that no request takes long.
     */
    @WithDefault("32")
    @Min(1)
    @Max(1000)
    int maxImages();
  }

  /** How one model's images are batched. */
  interface Batching {

    /**
     * The most images of one run; 1 runs each alone, without waiting. Raise it for a model that
     * batching makes faster, which has to be measured; each image takes as much memory as the
     * model's input, in several batches at a time. Lower it if responses take too long.
     */
    @WithDefault("1")
    @Min(1)
    @Max(256)
    int maxBatchSize();

    /**
     * The time that the first image of a batch waits for others. No worker waits with it. Raise it
     * to fill batches when requests are few; lower it for faster responses, as a request that no
     * other joins waits for all of this time.
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

  /** Requests that are answered later, because they say {@code Prefer: respond-async}. */
  interface Results {

    /**
     * Whether {@code POST /predict} and {@code POST /predict/batch} heed {@code Prefer:
     * respond-async}: they answer with 202 and the address of the result. If not, such a request is
     * answered at once.
     */
    @WithDefault("false")
    boolean enabled();

    /**
     * A folder of this instance alone, which exists, for jobs and results: then they outlive the
     * process, also if it is killed. Put it on a disk that outlives the container. Default: they
     * are in memory.
     */
    Optional<Path> folder();

    /**
     * Whether jobs and results are kept in the Redis of {@code glimpse.redis.url}, in place of
     * {@link #folder}: each replica then accepts, works on and returns the jobs of all, and goes on
     * with those of one that has ended. They are as safe as that Redis keeps its data, and what can
     * read it can read the images.
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
    Callback callback();
  }

  /** Results that are sent to where their requests say. */
  interface Callback {

    /**
     * The secret by which results are signed, 16 to 1024 visible ASCII characters; after {@code
     * whsec_} the rest is base64. Set it in the environment. Default: the parameter {@code
     * callback} is refused.
     */
    Optional<
            @Pattern(
                regexp = "[!-~]{16,1024}",
                message = "must be 16 to 1024 visible ASCII characters without spaces")
            String>
        secret();

    /**
     * Hosts that results may be sent to at private addresses, too, by {@code http} or {@code https}
     * and on any port, such as services of one's own. Other hosts need public addresses, by the
     * rules for images ({@code glimpse.url}). Default: none.
     */
    Optional<
            List<
                @Pattern(
                    regexp = "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?",
                    message = "must be a host name such as hooks.example.com, or an IPv4 address")
                String>>
        hosts();
  }

  /** How long a request may take altogether. */
  interface Deadline {

    /**
     * The time that a request may take, from its first line to its response, if its headers do not
     * set it; after that it is answered with 504, and dropped if no worker has started it. Raise it
     * for slow models; lower it to the time that clients wait.
     */
    @WithName("default")
    @WithDefault("30s")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration defaultTime();

    /**
     * The longest deadline that the headers {@code grpc-timeout} and {@code
     * x-envoy-expected-rq-timeout-ms} can set; a longer one is reduced to this. Raise it to let
     * clients wait longer than the default; lower it to limit all of them.
     */
    @WithDefault("60s")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration max();
  }

  /** What explains scores. */
  interface Explain {

    /**
     * Whether {@code POST /explain}, {@code POST /embed} and KServe's {@code :explain} answer. A
     * model's first such request opens its graph once more, which takes as much memory as the model
     * itself. Switch it off where that memory is not there.
     */
    @WithDefault("true")
    boolean enabled();
  }

  /** Results that are cached for equal requests. */
  interface Cache {

    /**
     * Memory for cached results, which are reused for the same bytes, model, {@code top_k} and
     * language; 0 caches and hashes nothing. A result of five classes takes about 400 bytes, so 16M
     * hold 40,000. Raise it where the same images are sent again: a cached result takes only the
     * time to hash the image. Lower it if {@code glimpse_cache_lookups_total} shows few hits.
     */
    @WithDefault("0")
    MemorySize maxBytes();

    /**
     * The longest time that a result is cached. Default: until it has to make room for another; the
     * results of a model that is reloaded are not reused in any case. Set it where nothing about an
     * image may be kept for long.
     */
    Optional<@DurationMin(millis = 1) Duration> ttl();

    /**
     * Whether results are kept in the Redis of {@code glimpse.redis.url}, too, for {@link #ttl} or
     * else for a day, so that replicas reuse each other's results, also with {@link #maxBytes} 0.
     * Everything that scores depend on is a part of the keys: a replaced model starts with no
     * results. Whatever can write to that Redis can change results.
     */
    @WithDefault("false")
    boolean redis();
  }

  /** The Redis that replicas share: for rates, and for results if the cache says so. */
  interface Redis {

    /**
     * Its address: {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss://}
     * for TLS. Set it in the environment, as {@code GLIMPSE_REDIS_URL}, if it has a password.
     * Default: each replica limits rates for itself.
     */
    Optional<
            @Pattern(
                regexp =
                    "rediss?://([A-Za-z0-9._~!$&'()*+,;=%-]*(:[A-Za-z0-9._~!$&'()*+,;=:%-]*)?@)?"
                        + "([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[0-9]{0,5})?",
                message =
                    "must be an address such as redis://host:6379 or"
                        + " rediss://user:password@host:6379/0, with %XX for special characters")
            String>
        url();

    /**
     * The longest that a request waits for it; then the local limit applies, and the cache has no
     * result. Raise it where Redis is far away; lower it where every millisecond counts.
     */
    @WithDefault("5ms")
    @DurationMin(millis = 1)
    @DurationMax(seconds = 1)
    Duration timeout();

    /** What keys begin with. Set it where several services share a Redis. */
    @WithDefault("glimpse:")
    @Pattern(
        regexp = "[A-Za-z0-9._:/-]{1,64}",
        message = "must be 1 to 64 letters, digits, dots, colons, slashes, hyphens or underscores")
    String prefix();
  }

  /** Images that are fetched by their URLs, from public addresses only. */
  interface Url {

    /**
     * Whether a client may send the URL of an image. Every client can then make the service fetch
     * from any public address, or from {@link #hosts}, so set those if they are known.
     */
    @WithDefault("false")
    boolean enabled();

    /**
     * Whether {@code http://} is accepted too. Leave it off: unencrypted data may have been
     * tampered with.
     */
    @WithDefault("false")
    boolean http();

    /**
     * The hosts from which images are fetched: {@code images.example.com}, or {@code *.example.com}
     * for every name below it. Their addresses have to be public nevertheless. Default: every host
     * that has public addresses only.
     */
    Optional<
            List<
                @Pattern(
                    regexp = "(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?",
                    message = "must be a host name such as images.example.com or *.example.com")
                String>>
        hosts();

    /** The ports from which images are fetched. Default: 443, and with {@code http} also 80. */
    Optional<List<@Min(1) @Max(65_535) Integer>> ports();

    /**
     * The time that fetching an image may take, redirects included; a request that takes longer is
     * answered with 504. The request's own deadline applies too. A slot in the queue is taken
     * meanwhile: lower it where hosts are fast, raise it for slow ones.
     */
    @WithDefault("10s")
    @DurationMin(millis = 1)
    @DurationMax(minutes = 10)
    Duration timeout();

    /** The most redirects that are followed, each checked like the URL itself. */
    @WithDefault("3")
    @Min(0)
    @Max(10)
    int redirects();
  }

  /** How models are run. */
  interface Engine {

    /**
     * Whether ONNX Runtime keeps the memory of its runs for later ones, in an arena that never
     * shrinks. {@code false} leaves that to malloc, at the same speed: glibc then keeps less after
     * large batches, and more after single images. With {@code MALLOC_MMAP_THRESHOLD_=1048576} in
     * the environment too, it returns the memory of each run to the system, and a run takes two
     * thirds longer. MobileNetV2, two workers, the whole process after 200 single images: 259 MiB
     * with the arena, 340 to 410 without, 223 with the variable. Its weights and runs alone after
     * batches of 16: 390, 110 and 40 MiB.
     */
    @WithDefault("true")
    boolean arena();
  }

  /** Where traces are exported. */
  interface Otlp {

    /**
     * The receiver of spans by OTLP over HTTP, such as {@code http://collector:4318}; they are sent
     * to {@code /v1/traces} below it. Default: that of {@code OTEL_EXPORTER_OTLP_ENDPOINT}, or
     * none.
     */
    Optional<
            @Pattern(
                regexp =
                    "https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?"
                        + "(/[A-Za-z0-9._~:/@!$&'()*+,;=%-]*)?",
                message =
                    "must be an address such as http://collector:4318, without a user and a query")
            String>
        endpoint();
  }

  /** How the service shuts down. */
  interface Drain {

    /**
     * After SIGTERM the service goes on serving until no request has come for this long, counted
     * from the last one: an idle service stops at once. Raise it where load balancers are slow to
     * notice that it is stopping, or requests are rare; 0 accepts no new connections after the
     * signal.
     */
    @WithDefault("2s")
    @DurationMin(millis = 0)
    @DurationMax(days = 1)
    Duration quiet();

    /**
     * The longest time that it does so if requests keep coming; then it accepts no new connections,
     * finishes running requests, for 10 seconds at most, and stops. Keep it at least 15 seconds
     * below the platform's own limit (Kubernetes kills after 30).
     */
    @WithDefault("10s")
    @DurationMin(millis = 0)
    @DurationMax(days = 1)
    Duration max();
  }

  /** What is logged, and how. */
  interface Log {

    /** Which requests are logged. */
    enum Requests {
      NONE,
      /** Those with a status from 400 on, and those whose client disconnected. */
      FAILURES,
      ALL
    }

    /**
     * Which requests get a line in the log, with status, code of the failure, model, milliseconds,
     * bytes of the body and id. At most ten lines are written a second, and the others counted.
     */
    @WithDefault("failures")
    Requests requests();

    /** How lines are written. */
    enum Format {
      TEXT,
      /** A JSON object a line. */
      JSON,
      /** The same, with the names of the Elastic Common Schema. */
      ECS
    }

    /**
     * How lines of the log are written; see {@link LogFormatSource}, which sets Quarkus' own
     * settings by it.
     */
    @WithDefault("text")
    Format format();
  }

  /** Where an event of each prediction goes, as a CloudEvent; see docs/operations.md. */
  interface Events {

    /** Which events a prediction makes. */
    enum Type {
      /** One of Glimpse's own type. */
      FLAT,
      /** Two of the types of KServe's logger, one for the request and one for the response. */
      KSERVE
    }

    /** How an HTTP request holds events. */
    enum Mode {
      /** One event; its attributes are headers, its data the body. */
      BINARY,
      /** One event as JSON. */
      STRUCTURED,
      /** As many as wait, a hundred at most, as a JSON array. */
      BATCHED
    }

    /**
     * Where events go: an {@code http://} or {@code https://} address that takes CloudEvents, or
     * {@code file:/path/predictions.jsonl} for a line of JSON each. Knative's SinkBinding sets it
     * by {@code K_SINK}. Set it in the environment if it has a password. Default: no events.
     */
    @WithParentName
    Optional<
            @Pattern(
                regexp =
                    "https?://([A-Za-z0-9._~!$&'()*+,;=:%-]+@)?([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])"
                        + "(:[0-9]{1,5})?([/?][A-Za-z0-9._~:/?@!$&'()*+,;=%-]*)?"
                        + "|file:(//)?/[A-Za-z0-9._~:/@!$&'()*+,;=%-]*[^/]",
                message =
                    "must be an address such as https://events.example.com/predictions or"
                        + " file:/var/log/predictions.jsonl, with %XX for special characters")
            String>
        target();

    /** Which events a prediction makes. */
    @WithDefault("flat")
    Type type();

    /** How an HTTP request holds events. Set {@code batched} if the receiver takes batches. */
    @WithDefault("binary")
    Mode mode();

    /** The share of predictions, chosen at random, that make events. */
    @WithDefault("1.0")
    @DecimalMin("0")
    @DecimalMax("1")
    double sample();

    /** The attribute {@code source} of all events. */
    @WithDefault("glimpse")
    @Pattern(
        regexp = "[A-Za-z0-9/][A-Za-z0-9._~:/@&=+,-]{0,255}",
        message = "must be a URI reference such as glimpse or /shop/glimpse")
    String source();

    /**
     * More attributes of all events, such as {@code inferenceservicename=flowers,namespace=shop}.
     * Default: none.
     */
    Optional<
            List<
                @Pattern(
                    regexp = "[a-z0-9]{1,20}=[^\\p{Cntrl}]+",
                    message =
                        "must be a name of 1 to 20 lower-case letters and digits, = and a value")
                String>>
        extensions();

    /**
     * The same as JSON, as Knative sets it in {@code K_CE_OVERRIDES}: {@code
     * {"extensions":{"name":"value"}}}. Counts more than {@link #extensions}. Default: none.
     */
    Optional<
            @Pattern(
                regexp = "(?s)\\s*\\{.*}\\s*",
                message = "must be JSON such as {\"extensions\":{\"name\":\"value\"}}")
            String>
        overrides();

    /** The header {@code Authorization} of requests with events. Default: none. */
    Optional<
            @Pattern(
                regexp = "[A-Za-z][A-Za-z0-9-]{0,31} [\\x21-\\x7e]{1,8192}",
                message =
                    "must be a scheme, a space and visible ASCII characters, such as Bearer …")
            String>
        authorization();

    /** A file that holds the same, read again when it changes. Default: none. */
    Optional<Path> authorizationFile();

    /** How long a request with events may take; then it is sent again. */
    @WithDefault("10s")
    @DurationMin(millis = 1)
    @DurationMax(minutes = 10)
    Duration timeout();

    /**
     * How old an event may become while the receiver is away or answers with 429 or 5xx; then it is
     * dropped. Raise it, and the queue, to bridge longer outages.
     */
    @WithDefault("1m")
    @DurationMin(millis = 1)
    @DurationMax(days = 1)
    Duration retry();

    /** How many events may wait. */
    EventQueue queue();

    /** The file, if events go into one. */
    EventFile file();
  }

  /** How many events may wait; one more is dropped. */
  interface EventQueue {

    /** The most events. */
    @WithDefault("10000")
    @Min(1)
    @Max(1_000_000)
    int maxEvents();

    /**
     * The most memory that they take, as estimated. An event with five classes takes about 1 kB.
     */
    @WithDefault("8M")
    MemorySize maxBytes();
  }

  /** The file that events are written into. */
  interface EventFile {

    /** The size at which the file is renamed, to {@code name.1}, and a new one begun. */
    @WithDefault("64M")
    MemorySize maxSize();

    /** How many renamed files are kept. */
    @WithDefault("4")
    @Min(0)
    @Max(1000)
    int files();
  }

  /**
   * The addresses at which Vertex AI calls the service, which it sets in the environment; other
   * platforms do not need them.
   */
  interface Vertex {

    /**
     * One more path of {@code GET /ping}, beginning with a slash: {@code AIP_HEALTH_ROUTE} in the
     * environment. Default: none.
     */
    Optional<
            @Pattern(
                regexp = "/[A-Za-z0-9._:/-]{0,250}",
                message = "must be a path that begins with a slash")
            String>
        healthRoute();

    /**
     * One more path of {@code POST /v1/models/{model}:predict} for the default model, beginning
     * with a slash: {@code AIP_PREDICT_ROUTE} in the environment. Default: none.
     */
    Optional<
            @Pattern(
                regexp = "/[A-Za-z0-9._:/-]{0,250}",
                message = "must be a path that begins with a slash")
            String>
        predictRoute();
  }
}
