package dev.glimpse.engine;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.glimpse.config.GlimpseConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Loads graphs into ONNX Runtime, which the first one starts. Any thread may use it. */
@ApplicationScoped
public class OnnxRuntimeEngine {

  private static final Logger LOG = Logger.getLogger(OnnxRuntimeEngine.class);

  private static final long PACKED_LATER = 32 << 20;

  /** Of all sessions of the process, as its first ones are older than the service's engine. */
  private static final AtomicLong INPUT_BYTES = new AtomicLong();

  private final boolean arena;

  /** Whether a model's files may change while it is served. */
  private final boolean filesChange;

  /** From how many bytes a prepared graph is opened before its weights are packed. */
  private final long packedLater;

  @Inject
  public OnnxRuntimeEngine(GlimpseConfig config) {
    this(config, PACKED_LATER);
  }

  OnnxRuntimeEngine(GlimpseConfig config, long packedLater) {
    this(
        config.engine().arena(),
        config.repository().control() || config.repository().poll().isPresent(),
        packedLater);
  }

  /**
   * Creates an engine for models whose files do not change while they are served.
   *
   * @param arena whether ONNX Runtime keeps the memory of its runs
   */
  public OnnxRuntimeEngine(boolean arena) {
    this(arena, false, PACKED_LATER);
  }

  private OnnxRuntimeEngine(boolean arena, boolean filesChange, long packedLater) {
    this.arena = arena;
    this.filesChange = filesChange;
    this.packedLater = packedLater;
  }

  /**
   * Loads an ONNX file; the first call starts ONNX Runtime. Blocks until the graph is loaded.
   *
   * @param file the {@code model.onnx}
   * @throws EngineException if ONNX Runtime cannot start, or cannot load this graph
   */
  public Session load(Path file) {
    return load(file, OutputChoice.LOGITS_OR_FIRST);
  }

  /**
   * Loads an ONNX file as {@link #load(Path)} does.
   *
   * @param choice chooses the output of {@link Session#output}
   */
  public Session load(Path file, OutputChoice choice) {
    return open(() -> OnnxFile.exported(file, arena), choice);
  }

  /**
   * Loads an ONNX file as {@link #load(Path)} does, with more of its tensors as outputs: those of
   * its nodes that the file does not declare. The file itself is not changed.
   *
   * @param head names the tensors
   * @param eightBit how the served graph's session uses weights of 8 bits
   * @param choice chooses the output of {@link Session#output}
   */
  public Session loadExposing(
      Path file, ClassifierHead head, EightBitWeights eightBit, OutputChoice choice) {
    return open(() -> OnnxFile.exposing(file, head.tensors(), arena, eightBit), choice);
  }

  /**
   * Loads an ONNX file as {@link #load(Path)} does, with the tensor that enters its last linear
   * layer as one more output, which is not among {@link Session#outputs}: {@link Runner#vectors}
   * returns it.
   *
   * @param vector names the tensor
   * @param choice chooses the output of {@link Session#output}
   * @throws UnknownTensorException if the graph does not make it
   */
  public Session loadWithVectors(Path file, String vector, OutputChoice choice) {
    return open(() -> OnnxFile.exposing(file, vector, arena), choice, Optional.of(vector));
  }

  /**
   * Loads a file that {@link #prepare} has written: about ten times as fast, and with the weights
   * in the page cache instead of the process's own memory. Large weights are packed later, by
   * {@link Session#pack}. The file must not change while the session is open; where models may
   * change, it is therefore read, not mapped. Weights in a second file are always mapped, like
   * those of exported graphs.
   *
   * @param file written by this version of ONNX Runtime for this processor; see {@link #platform}
   * @param twoFiles whether its weights are in a second file
   * @param facts those of the exported graph's session
   * @param choice chooses the output of {@link Session#output}
   * @throws EngineException if ONNX Runtime cannot start, or cannot load this graph
   */
  public Session loadPrepared(Path file, boolean twoFiles, GraphFacts facts, OutputChoice choice) {
    if (filesChange || twoFiles) {
      return open(() -> OnnxFile.prepared(file, facts, arena), choice);
    }
    ByteBuffer mapped = map(file);
    boolean later = mapped.capacity() >= packedLater;
    OnnxSession first = open(() -> OnnxFile.mapped(mapped, facts, arena, !later), choice);
    return later
        ? new PackedLater(
            first, () -> open(() -> OnnxFile.mapped(mapped, facts, arena, true), choice))
        : first;
  }

  private static ByteBuffer map(Path file) {
    try {
      return OnnxFile.map(file);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /**
   * Optimises a graph for this processor and writes the result. Blocks for about as long as loading
   * takes.
   *
   * @param exported the {@code model.onnx}
   * @param into the file to write
   * @param weights the name of the file beside it to write the weights to; empty: all of it is
   *     written to one file, of 2 GB at most, in ONNX Runtime's own format
   * @param eightBit how the exported graph's session uses weights of 8 bits
   * @throws EngineException if ONNX Runtime cannot load this graph, or cannot write the file
   */
  public void prepare(
      Path exported, Path into, Optional<String> weights, EightBitWeights eightBit) {
    OnnxRuntimeStart.engine();
    try {
      OnnxFile.prepare(exported, into, weights, eightBit);
    } catch (OrtException e) {
      throw refused(e);
    }
  }

  /**
   * Returns what a prepared graph depends on: ONNX Runtime's version and the kind of processor,
   * such as {@code onnxruntime-1.28.0-x64-avx512f}; empty on a processor for which graphs cannot be
   * prepared. Starts ONNX Runtime.
   */
  public Optional<String> platform() {
    OnnxRuntimeStart.engine();
    return Cpu.kind()
        .map(cpu -> "onnxruntime-" + OrtEnvironment.getEnvironment().getVersion() + "-" + cpu);
  }

  private interface Opening {
    OnnxFile open() throws OrtException, IOException;
  }

  private OnnxSession open(Opening opening, OutputChoice choice) {
    return open(opening, choice, Optional.empty());
  }

  private OnnxSession open(Opening opening, OutputChoice choice, Optional<String> vector) {
    Engine started = OnnxRuntimeStart.engine();
    try {
      return OnnxSession.of(started, opening.open(), choice, vector, INPUT_BYTES);
    } catch (OrtException | IOException | RuntimeException e) {
      throw e instanceof EngineException known ? known : refused(e);
    }
  }

  private static EngineException refused(Exception e) {
    String fault = PlatformFault.of(e).orElse(null);
    if (fault != null) {
      return new PlatformException(fault, e);
    }
    return new EngineException("ONNX Runtime cannot load the graph: " + e.getMessage(), e);
  }

  /** Returns the bytes of direct memory that hold the input tensors of all sessions' runners. */
  public long inputBytes() {
    return INPUT_BYTES.get();
  }

  /**
   * Returns memory to the system that loading graphs needed and closed sessions have freed. Takes
   * some milliseconds, on the calling thread.
   */
  public static void trim() {
    long started = System.nanoTime();
    boolean some = Malloc.trim();
    LOG.debugf(
        "Memory was %sreturned to the system, in %d us",
        some ? "" : "not ", (System.nanoTime() - started) / 1000);
  }

  /**
   * Deletes what earlier processes that were killed have left in the folder for temporary files.
   */
  public static void clearLeftovers() {
    LeftoverFolders.clear(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
  }

  /**
   * Starts ONNX Runtime, so that the first graph need not wait for it. An error is reported when
   * that graph is loaded, which tries again.
   */
  public static void startEarly() {
    try {
      OnnxRuntimeStart.engine();
    } catch (EngineException e) {
      LOG.debug("ONNX Runtime could not be started early", e);
    }
  }

  /**
   * Runs something without logging what ONNX Runtime says about it on this thread.
   *
   * @return whether it said nothing
   */
  public static boolean isSilent(Runnable work) {
    return OnnxRuntimeLog.isSilent(work);
  }
}
