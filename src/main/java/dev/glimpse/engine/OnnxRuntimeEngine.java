package dev.glimpse.engine;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.StartupTimeline;
import dev.glimpse.metrics.StartupTimeline.Step;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** DJL's OnnxRuntime engine, started once a process and kept quiet about its own ideas. */
@ApplicationScoped
public class OnnxRuntimeEngine {

  private static final Logger LOG = Logger.getLogger(OnnxRuntimeEngine.class);

  private final boolean arena;

  /** Whether somebody may write to a model's files while it is served. */
  private final boolean filesChange;

  private final AtomicLong inputBytes = new AtomicLong();

  /** One a process, as ONNX Runtime's environment is. */
  private static @Nullable Engine engine;

  public OnnxRuntimeEngine(GlimpseConfig config) {
    this.arena = config.engine().arena();
    this.filesChange = config.repository().control() || config.repository().poll().isPresent();
  }

  /**
   * Loads an ONNX file; the first call starts ONNX Runtime. Blocks for as long as that takes.
   *
   * @param file the {@code model.onnx}
   * @throws EngineException if ONNX Runtime cannot start, or cannot load this graph
   */
  public Session load(Path file) {
    return open(() -> OnnxFile.exported(file, arena));
  }

  /**
   * Loads what {@link #prepare} has made: some ten times as fast, and with the weights in the page
   * cache instead of in memory of this process's own. The file has to stay as it is for as long as
   * the session is open; so where models may change, it is read instead.
   *
   * @param file made by this version of ONNX Runtime for this processor, see {@link #platform}
   * @param outputKind what the session of the exported graph says
   * @param metadata what the session of the exported graph says
   * @throws EngineException as above
   */
  public Session loadPrepared(Path file, OutputKind outputKind, Map<String, String> metadata) {
    return open(() ->
        filesChange
            ? OnnxFile.prepared(file, outputKind, metadata, arena)
            : OnnxFile.mapped(file, outputKind, metadata, arena));
  }

  /**
   * Optimises a graph for this machine, once and for all. Blocks for as long as loading does.
   *
   * @param exported the {@code model.onnx}
   * @param into the file to write, in ONNX Runtime's own format
   * @return the other files of the exported graph, which hold weights, by their paths from its
   *     folder
   * @throws EngineException if ONNX Runtime cannot load this graph, or cannot write the file
   */
  public Set<String> prepare(Path exported, Path into) {
    start();
    try {
      OnnxFile.prepare(exported, into);
      return ExternalWeights.of(exported);
    } catch (OrtException | IOException e) {
      throw refused(e);
    }
  }

  /**
   * What a prepared graph is made for: ONNX Runtime's version and the kind of processor, e.g.
   * {@code onnxruntime-1.28.0-x64-avx512f}; empty on a processor for which none can be made. Starts
   * ONNX Runtime.
   */
  public Optional<String> platform() {
    start();
    return Cpu.kind()
        .map(cpu -> "onnxruntime-" + OrtEnvironment.getEnvironment().getVersion() + "-" + cpu);
  }

  private interface Opening {
    OnnxFile open() throws OrtException, IOException;
  }

  private OnnxSession open(Opening opening) {
    Engine started = start();
    try {
      return OnnxSession.of(started, opening.open(), inputBytes);
    } catch (OrtException | IOException | RuntimeException e) {
      throw e instanceof EngineException known ? known : refused(e);
    }
  }

  private static EngineException refused(Exception e) {
    return new EngineException("ONNX Runtime cannot load the graph: " + e.getMessage(), e);
  }

  /** Bytes of direct memory that hold the input tensors of all sessions' runners. */
  public long inputBytes() {
    return inputBytes.get();
  }

  /**
   * Gives memory back to the system that loading graphs took and closed sessions have left. Takes
   * some milliseconds, on the calling thread.
   */
  public static void trim() {
    long started = System.nanoTime();
    boolean some = Malloc.trim();
    LOG.debugf(
        "Memory was %sgiven back, in %d us",
        some ? "" : "not ", (System.nanoTime() - started) / 1000);
  }

  /**
   * Starts ONNX Runtime, so that the first graph need not wait for it. What goes wrong shows when
   * that graph is loaded, which tries again.
   */
  public static void startEarly() {
    try {
      start();
    } catch (EngineException e) {
      LOG.debug("ONNX Runtime could not be started early", e);
    }
  }

  private static synchronized Engine start() {
    Engine there = engine;
    if (there == null) {
      long started = System.nanoTime();
      long loaded;
      // Read by DJL when its engine starts: no telemetry, no look-up in its model zoo, no second
      // engine for what ONNX Runtime cannot do.
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      System.setProperty("ai.djl.onnx.disable_alternative", "true");
      try (NativeLibraries libraries = NativeLibraries.locate()) {
        OrtEnvironment.getAvailableProviders(); // loads the libraries, makes no environment yet
        loaded = System.nanoTime();
        StartupTimeline.took(Step.LIBRARIES, loaded - started);
        OnnxRuntimeLog.install(libraries.onnxRuntime());
      } catch (LinkageError | IllegalStateException e) {
        throw new EngineException("Cannot load ONNX Runtime's libraries: " + reason(e), e);
      }
      there = Engine.getEngine("OnnxRuntime");
      engine = there;
      StartupTimeline.took(Step.ENVIRONMENT, System.nanoTime() - loaded);
      LOG.infof(
          "ONNX Runtime %s started in %d ms",
          OrtEnvironment.getEnvironment().getVersion(), (System.nanoTime() - started) / 1_000_000);
    }
    return there;
  }

  /** ONNX Runtime's initialisers wrap what went wrong into errors without a message. */
  private static @Nullable String reason(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }
}
