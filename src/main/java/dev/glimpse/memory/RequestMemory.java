package dev.glimpse.memory;

import dev.glimpse.bytes.NativeBlocks;
import dev.glimpse.config.GlimpseConfig;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Holds the service's budgets, which are derived once from the heap and the container. */
@ApplicationScoped
public class RequestMemory {

  private static final Logger LOG = Logger.getLogger(RequestMemory.class);

  private static final long MEGABYTE = 1 << 20;

  /**
   * How many bytes parsing takes at its peak for each byte of a body: JSON's strings are two bytes
   * a character while they are parsed, and then copied, and numbers of two characters are four
   * bytes.
   */
  private static final int PARSING = 4;

  private static final int FIRST_BYTES_SHARE = 8;
  private static final long LEAST_FIRST_BYTES = 64 << 10;

  private final MemoryLimits limits;
  private final long maxBytes;
  private final MemoryBudget firstBytes;
  private final MemoryBudget bodies;
  private final NativeBlocks blocks;
  private final MemoryBudget work;
  private final MaskMemory masks;
  private final MemoryBudget pixels;
  private final long image;

  @Inject
  public RequestMemory(GlimpseConfig config) {
    this(config, MemoryLimits.read());
  }

  RequestMemory(GlimpseConfig config, MemoryLimits limits) {
    this(config, limits, CompletableFuture::join);
  }

  /** Makes budgets for which threads wait in a given way; see {@link MemoryBudget}. */
  RequestMemory(
      GlimpseConfig config, MemoryLimits limits, Consumer<CompletableFuture<Void>> blocking) {
    this.limits = limits;
    this.maxBytes = config.image().maxBytes().asLongValue();
    long all =
        config
            .memory()
            .bodies()
            .map(MemorySize::asLongValue)
            .orElseGet(() -> limits.bodies(maxBytes));
    long first = Math.max(all / FIRST_BYTES_SHARE, LEAST_FIRST_BYTES);
    this.firstBytes = new MemoryBudget(first, true, blocking);
    this.bodies = new MemoryBudget(Math.max(all - first, 0), false, blocking);
    this.blocks = new NativeBlocks(bodies.capacity());
    this.work =
        new MemoryBudget(
            config.memory().work().map(MemorySize::asLongValue).orElseGet(limits::work),
            false,
            blocking);
    this.masks = new MaskMemory(limits.masks());
    int workers = config.workers().count().orElse(Runtime.getRuntime().availableProcessors());
    this.image =
        config
            .image()
            .maxMemory()
            .map(MemorySize::asLongValue)
            .orElseGet(() -> limits.image(workers));
    this.pixels =
        new MemoryBudget(
            config
                .image()
                .maxMemory()
                .map(most -> most.asLongValue() * workers)
                .orElseGet(() -> limits.pixels(all)),
            false,
            blocking);
  }

  /** Returns the budget of the first 64 kB of each body, which never waits for that of the rest. */
  public MemoryBudget firstBytes() {
    return firstBytes;
  }

  /**
   * Returns the budget of bodies beyond their first bytes, and of downloads, from the first byte
   * that is read until the request ends.
   */
  public MemoryBudget bodies() {
    return bodies;
  }

  /** Returns the native memory that holds bodies beyond their first bytes, and downloads. */
  public NativeBlocks blocks() {
    return blocks;
  }

  /** Returns the budget of what workers hold on the Java heap while they parse and decode. */
  public MemoryBudget work() {
    return work;
  }

  /** Returns what explanations by masks keep on the Java heap between their turns. */
  public MaskMemory masks() {
    return masks;
  }

  /** Returns the most bytes that decoding one image may take, on the heap or in native memory. */
  public long mostForImage() {
    return image;
  }

  /** Returns the most bytes of JSON, or of a body without its content coding, that fit the heap. */
  public long mostParsed() {
    return work.capacity() / PARSING;
  }

  /**
   * Reserves heap memory for parsing a body, and blocks until it has it. The thread may reserve no
   * more before it has closed this.
   *
   * @param bodyBytes of the body
   */
  public Reservation forParsing(long bodyBytes) {
    Reservation reserved = work.open();
    reserved.await(Math.min(PARSING * bodyBytes, work.capacity()));
    return reserved;
  }

  /**
   * Reserves heap memory as {@link #forParsing} for tensors that take a known number of bytes.
   *
   * @param bodyBytes of the body; one whose tensors take no more may exceed the budget on its own
   * @throws dev.glimpse.failure.ServingException TOO_LARGE if they take more than the whole budget
   */
  public Reservation forTensors(long bytes, long bodyBytes) {
    Reservation reserved = work.open();
    reserved.await(bytes > bodyBytes ? bytes : Math.min(bytes, work.capacity()));
    return reserved;
  }

  /** Returns the budget of images in native memory. */
  public MemoryBudget pixels() {
    return pixels;
  }

  /** Frees the native memory that is kept. */
  @PreDestroy
  void close() {
    blocks.freeKept();
  }

  /** Logs the budgets, and what they do not allow. */
  public void log() {
    // Not %d, which reads the digits of the locale: a millisecond of each start.
    LOG.infof(
        "Memory: %s MB for parsing and decoding on the heap, %s MB for bodies and %s MB for images"
            + " in native memory, of a heap of %s MB and %s MB in all",
        work.capacity() / MEGABYTE,
        (firstBytes.capacity() + bodies.capacity()) / MEGABYTE,
        pixels.capacity() / MEGABYTE,
        limits.heap() / MEGABYTE,
        limits.total() / MEGABYTE);
    if (maxBytes > bodies.capacity()) {
      LOG.infof(
          "Bodies of more than %d bytes are refused, although glimpse.image.max-bytes is %d, as"
              + " they may take no more together. For larger ones, give the service more memory, or"
              + " set glimpse.memory.bodies.",
          bodies.capacity(), maxBytes);
    }
  }
}
