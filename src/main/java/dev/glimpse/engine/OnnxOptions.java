package dev.glimpse.engine;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Path;

/**
 * How we ask ONNX Runtime to open a graph. The keys are those of <a
 * href="https://github.com/microsoft/onnxruntime/blob/main/include/onnxruntime/core/session/onnxruntime_session_options_config_keys.h">its
 * session options</a>.
 */
final class OnnxOptions {

  private OnnxOptions() {}

  /**
   * For a graph as it was exported, which is optimised while it is opened.
   *
   * @param arena whether ONNX Runtime keeps the memory of a run's tensors for the next run
   */
  static SessionOptions exported(boolean arena) throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      // One thread an inference: a worker runs the graph itself, and none spins while it waits.
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      options.setCPUArenaAllocator(arena);
      // Without VNNI, sums of products overflow if 8-bit weights are signed: they are made
      // unsigned.
      options.addConfigEntry("session.x64quantprecision", "1");
      // Each session says so for itself: the environment may be older than the log's settings.
      options.setSessionLogLevel(
          OnnxRuntimeLog.LOG.isDebugEnabled()
              ? OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING
              : OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      return options;
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
  }

  /**
   * For an exported graph that is to be kept as it is after optimising, in ONNX Runtime's format.
   */
  static SessionOptions preparing(Path into) throws OrtException {
    SessionOptions options = exported(true);
    options.addConfigEntry("session.save_model_format", "ORT");
    options.setOptimizedModelFilePath(into.toString());
    return options;
  }

  /** For a graph that was prepared: nothing is optimised once more. */
  static SessionOptions prepared(boolean arena) throws OrtException {
    SessionOptions options = exported(arena);
    options.setOptimizationLevel(OptLevel.NO_OPT);
    return options;
  }

  /** As above, of one in memory: neither its nodes nor its weights are copied out of that. */
  static SessionOptions mapped(boolean arena) throws OrtException {
    SessionOptions options = prepared(arena);
    options.addConfigEntry("session.use_ort_model_bytes_directly", "1");
    options.addConfigEntry("session.use_ort_model_bytes_for_initializers", "1");
    return options;
  }
}
