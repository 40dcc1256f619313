package dev.glimpse.engine;

import ai.onnxruntime.OrtException;
import com.sun.jna.Callback;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Forwards ONNX Runtime's messages to the service's log, under the category {@code ai.onnxruntime}.
 * Its Java classes cannot do so, but its C interface can: a process has one environment, and the
 * code that creates it first chooses where its messages go.
 *
 * <p>ONNX Runtime's warnings are meant for the author of a model, not for its operator (some good
 * models cause hundreds), so each message is logged one level lower.
 */
final class OnnxRuntimeLog {

  static final Logger LOG = Logger.getLogger("ai.onnxruntime");

  private static final int RTLD_NOW = 2;
  private static final int WARNING = 2;
  private static final int ERROR = 3;

  /** {@code CreateEnvWithCustomLogger} is the fifth function of every version of {@code OrtApi}. */
  private static final int CREATE_ENV_WITH_CUSTOM_LOGGER = 4;

  /**
   * The version of the C interface that is requested: the oldest that has all that is used here.
   */
  private static final int API_VERSION = 1;

  /** Never garbage-collected, as ONNX Runtime keeps calling it. */
  private static final Sink SINK = new Sink();

  /** Whether the thread tries what may fail, and then does it in another way. */
  private static final ThreadLocal<Boolean> TRYING = ThreadLocal.withInitial(() -> false);

  /** Set on a thread that does not log: whether there was a message. */
  private static final ThreadLocal<AtomicBoolean> HELD_BACK = new ThreadLocal<>();

  private static boolean installed;

  private OnnxRuntimeLog() {}

  /**
   * Creates the process's ONNX Runtime environment, which writes to the service's log. Call it
   * after the library is loaded and before any other code creates the environment.
   */
  static synchronized void install(Path library) {
    if (installed) {
      return;
    }
    try {
      NativeLibrary onnxRuntime =
          NativeLibrary.getInstance(
              library.toString(), Map.of(com.sun.jna.Library.OPTION_OPEN_FLAGS, RTLD_NOW));
      Pointer base = onnxRuntime.getFunction("OrtGetApiBase").invokePointer(new Object[0]);
      Pointer api =
          Function.getFunction(base.getPointer(0)).invokePointer(new Object[] {API_VERSION});
      Pointer create = api.getPointer((long) CREATE_ENV_WITH_CUSTOM_LOGGER * Long.BYTES);
      Pointer error =
          Function.getFunction(create)
              .invokePointer(
                  new Object[] {
                    SINK, Pointer.NULL, severity(), "glimpse", new PointerByReference()
                  });
      if (error != null) {
        LOG.warn(
            "ONNX Runtime did not accept the log callback; its messages go to standard error.");
      }
      installed = true;
    } catch (LinkageError e) {
      LOG.warnf("ONNX Runtime's messages go to standard error: %s", e.getMessage());
    }
  }

  /** Opens a graph. */
  @FunctionalInterface
  interface Opening {
    OnnxFile open() throws OrtException;
  }

  /**
   * Opens a graph in a way that may fail, and then is followed by another one: what ONNX Runtime
   * writes about it on this thread, which the exception says too, is logged at DEBUG.
   */
  static OnnxFile attempt(Opening opening) throws OrtException {
    TRYING.set(true);
    try {
      return opening.open();
    } finally {
      TRYING.remove();
    }
  }

  /**
   * Runs something without logging ONNX Runtime's messages on this thread.
   *
   * @return whether there were none
   */
  static boolean isSilent(Runnable work) {
    AtomicBoolean said = new AtomicBoolean();
    HELD_BACK.set(said);
    try {
      work.run();
    } finally {
      HELD_BACK.remove();
    }
    return !said.get();
  }

  /** Returns the lowest severity that is forwarded, so that native code makes no call in vain. */
  private static int severity() {
    return LOG.isDebugEnabled() ? WARNING : ERROR;
  }

  /**
   * Receives messages, as an {@code OrtLoggingFunction}. ONNX Runtime also calls it on its own
   * threads.
   */
  @RegisterForReflection // JNA looks up its only method
  static final class Sink implements Callback {

    public void callback(
        Pointer param,
        int severity,
        Pointer category,
        Pointer logId,
        Pointer location,
        Pointer message) {
      AtomicBoolean said = HELD_BACK.get();
      if (said == null) {
        LOG.logf(
            level(severity),
            "%s (%s)",
            message.getString(0, "UTF-8"),
            location.getString(0, "UTF-8"));
      } else if (level(severity).compareTo(Logger.Level.DEBUG) < 0) {
        said.set(true);
      }
    }

    private static Logger.Level level(int severity) {
      if (severity < WARNING) {
        return Logger.Level.TRACE;
      }
      if (severity == WARNING || TRYING.get()) {
        return Logger.Level.DEBUG;
      }
      return severity == ERROR ? Logger.Level.WARN : Logger.Level.ERROR;
    }
  }
}
