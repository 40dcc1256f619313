package dev.glimpse.engine;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes the options with which ONNX Runtime opens a graph. The keys are those of <a
 * href="https://github.com/microsoft/onnxruntime/blob/main/include/onnxruntime/core/session/onnxruntime_session_options_config_keys.h">its
 * session options</a>.
 */
final class OnnxOptions {

  /** Weights of fewer bytes stay in the graph. */
  private static final int SMALL = 1024;

  private OnnxOptions() {}

  /**
   * Returns the options for a graph as it was exported, which is optimised while it is opened.
   *
   * @param arena whether ONNX Runtime keeps the memory of a run's tensors for the next run
   * @param unsigned whether signed 8-bit weights are made unsigned
   */
  static SessionOptions exported(boolean arena, boolean unsigned) throws OrtException {
    return exported(arena, unsigned, options -> {});
  }

  private static SessionOptions exported(boolean arena, boolean unsigned, Setting more)
      throws OrtException {
    return with(
        new SessionOptions(),
        options -> {
          // One thread per inference: a worker runs the graph itself, and no thread spins while it
          // waits.
          options.setIntraOpNumThreads(1);
          options.setInterOpNumThreads(1);
          options.addConfigEntry("session.intra_op.allow_spinning", "0");
          options.addConfigEntry("session.inter_op.allow_spinning", "0");
          options.setCPUArenaAllocator(arena);
          options.addConfigEntry("session.x64quantprecision", unsigned ? "1" : "0");
          // Set for each session: the environment may have been created before the log was
          // configured.
          options.setSessionLogLevel(
              OnnxRuntimeLog.LOG.isDebugEnabled()
                  ? OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING
                  : OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
          more.on(options);
        });
  }

  /** Sets some of the options. */
  @FunctionalInterface
  interface Setting {
    void on(SessionOptions options) throws OrtException;
  }

  /** Returns the options with a setting; closes them if they do not take it. */
  static SessionOptions with(SessionOptions options, Setting setting) throws OrtException {
    try {
      setting.on(options);
      return options;
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
  }

  /**
   * Returns the options for an exported graph that is opened from memory.
   *
   * @param file from which it was read, beside which its external weights lie
   */
  static SessionOptions inMemory(Path file, boolean arena, boolean unsigned) throws OrtException {
    Path folder = file.toAbsolutePath().getParent();
    return exported(
        arena,
        unsigned,
        options -> {
          if (folder != null) {
            options.addConfigEntry(
                "session.model_external_initializers_file_folder_path", folder.toString());
          }
        });
  }

  /**
   * Returns the options for optimising an exported graph and writing the result: in ONNX Runtime's
   * own format, or as an ONNX file with its weights in a second file.
   *
   * @param into the file to write
   * @param weights the file to write the weights to, beside it; empty for ONNX Runtime's own format
   */
  static SessionOptions preparing(Path into, Optional<String> weights, boolean unsigned)
      throws OrtException {
    return exported(
        true,
        unsigned,
        options -> {
          if (weights.isPresent()) {
            options.addConfigEntry(
                "session.optimized_model_external_initializers_file_name", weights.get());
            options.addConfigEntry(
                "session.optimized_model_external_initializers_min_size_in_bytes",
                Integer.toString(SMALL));
          } else {
            options.addConfigEntry("session.save_model_format", "ORT");
          }
          options.setOptimizedModelFilePath(into.toString());
        });
  }

  /** Returns the options for a prepared graph, which is not optimised again. */
  static SessionOptions prepared(boolean arena) throws OrtException {
    return prepared(arena, options -> {});
  }

  private static SessionOptions prepared(boolean arena, Setting more) throws OrtException {
    return exported(
        arena,
        false, // the weights are laid out already
        options -> {
          options.setOptimizationLevel(OptLevel.NO_OPT);
          more.on(options);
        });
  }

  /**
   * Returns the options for a prepared graph in memory: neither its nodes nor its weights are
   * copied, but for weights that are packed.
   *
   * @param packed whether kernels such as MatMul's make copies of their weights in the order in
   *     which they read them: opening takes longer, and runs take less long
   */
  static SessionOptions mapped(boolean arena, boolean packed) throws OrtException {
    return prepared(
        arena,
        options -> {
          options.addConfigEntry("session.disable_prepacking", packed ? "0" : "1");
          options.addConfigEntry("session.use_ort_model_bytes_directly", "1");
          options.addConfigEntry("session.use_ort_model_bytes_for_initializers", "1");
        });
  }
}
