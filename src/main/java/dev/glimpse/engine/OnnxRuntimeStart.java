package dev.glimpse.engine;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import dev.glimpse.failure.InterruptedStartException;
import dev.glimpse.metrics.StartupTimeline;
import dev.glimpse.metrics.StartupTimeline.Step;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts DJL's OnnxRuntime engine, once per process. Any thread may use it. */
final class OnnxRuntimeStart {

  private static final Logger LOG = Logger.getLogger(OnnxRuntimeStart.class);

  /** One per process, like ONNX Runtime's environment. */
  private static @Nullable Engine engine;

  /**
   * Why the libraries cannot be loaded. Another attempt would fail too, and the JVM would not say
   * why: a class whose initialisation has failed is not initialised again.
   */
  private static @Nullable EngineException broken;

  private OnnxRuntimeStart() {}

  /**
   * Returns the engine. The first call unpacks and loads its libraries; calls meanwhile wait.
   *
   * @throws PlatformException if the libraries cannot be loaded
   */
  static synchronized Engine engine() {
    if (broken != null) {
      throw broken;
    }
    Engine there = engine;
    if (there == null) {
      there = start();
      engine = there;
    }
    return there;
  }

  @SuppressWarnings("StaticAssignmentOfThrowable") // its cause is lost to later attempts
  private static Engine start() {
    long started = System.nanoTime();
    long loaded;
    // DJL reads these when its engine starts: no telemetry, no look-up in its model zoo,
    // no second engine for what ONNX Runtime cannot do.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.onnx.disable_alternative", "true");
    try (NativeLibraries libraries = NativeLibraries.locate()) {
      InterruptedStartException.check(); // loading takes as long as unpacking
      OrtEnvironment.getAvailableProviders(); // loads the libraries, creates no environment
      loaded = System.nanoTime();
      StartupTimeline.took(Step.LIBRARIES, loaded - started);
      OnnxRuntimeLog.install(libraries.onnxRuntime());
    } catch (LinkageError | IllegalStateException e) {
      broken = unusable(e);
      throw broken;
    }
    Engine ready = Engine.getEngine("OnnxRuntime");
    StartupTimeline.took(Step.ENVIRONMENT, System.nanoTime() - loaded);
    // Not at INFO: it may come after the only line that a failed start is to print.
    LOG.debugf(
        "ONNX Runtime %s started in %s ms",
        OrtEnvironment.getEnvironment().getVersion(), (System.nanoTime() - started) / 1_000_000);
    return ready;
  }

  private static EngineException unusable(Throwable e) {
    Throwable why = SharedLibrary.explained(e);
    String fault =
        PlatformFault.of(why)
            .orElseGet(() -> "ONNX Runtime's libraries cannot be loaded: " + reason(why) + ".");
    return new PlatformException(fault, e);
  }

  /**
   * Returns the message of the innermost cause: ONNX Runtime's initialisers wrap it in errors
   * without a message.
   */
  private static @Nullable String reason(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }
}
