package dev.glimpse.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Holds a graph's file that ONNX Runtime has opened.
 *
 * @param session owned by the caller that opened it
 * @param outputKind tells, by the name of an output, what the graph's nodes compute for it
 * @param metadata metadata that the exporter wrote into the file
 * @param mapped the memory that the session reads for as long as it is open
 */
record OnnxFile(
    OrtSession session,
    Function<String, OutputKind> outputKind,
    Map<String, String> metadata,
    Optional<ByteBuffer> mapped) {

  /**
   * Opens a graph as it was exported: reads and optimises it, and lays out its weights for this
   * processor.
   *
   * @param arena whether ONNX Runtime keeps the memory of a run's tensors for the next run
   */
  static OnnxFile exported(Path file, boolean arena) throws OrtException, IOException {
    try (SessionOptions options = OnnxOptions.exported(arena)) {
      OnnxGraph graph = OnnxGraph.read(file);
      OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
      return new OnnxFile(session, graph::outputKind, graph.metadata(), Optional.empty());
    }
  }

  /**
   * Opens a file that {@link #prepare} has written, and reads all of it: the file may change
   * afterwards.
   *
   * @param outputKind what the exported graph's nodes compute for the output
   * @param metadata metadata of the exported graph's file
   */
  static OnnxFile prepared(
      Path file, OutputKind outputKind, Map<String, String> metadata, boolean arena)
      throws OrtException {
    try (SessionOptions options = OnnxOptions.prepared(arena)) {
      OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
      return new OnnxFile(session, output -> outputKind, metadata, Optional.empty());
    }
  }

  /**
   * Opens a file that {@link #prepare} has written by mapping it into memory, where its weights are
   * used in place: if the file is truncated while it is open, the process crashes.
   *
   * @param outputKind what the exported graph's nodes compute for the output
   * @param metadata metadata of the exported graph's file
   */
  static OnnxFile mapped(
      Path file, OutputKind outputKind, Map<String, String> metadata, boolean arena)
      throws OrtException, IOException {
    try (SessionOptions options = OnnxOptions.mapped(arena);
        FileChannel channel = FileChannel.open(file)) {
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      OrtSession session = OrtEnvironment.getEnvironment().createSession(mapped, options);
      return new OnnxFile(session, output -> outputKind, metadata, Optional.of(mapped));
    }
  }

  /** Optimises an exported graph for this processor, and writes it in ONNX Runtime's own format. */
  static void prepare(Path exported, Path into) throws OrtException {
    try (SessionOptions options = OnnxOptions.preparing(into)) {
      OrtEnvironment.getEnvironment().createSession(exported.toString(), options).close();
    }
  }
}
