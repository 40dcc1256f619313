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
 * A graph's file, opened by ONNX Runtime.
 *
 * @param session owned by whoever opened it
 * @param outputKind what the graph's nodes say of an output, by its name
 * @param metadata what its exporter wrote into it
 * @param mapped the memory that the session reads for as long as it is open
 */
record OnnxFile(
    OrtSession session,
    Function<String, OutputKind> outputKind,
    Map<String, String> metadata,
    Optional<ByteBuffer> mapped) {

  /**
   * Opens a graph as it was exported: it is read, optimised, and its weights are laid out anew.
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
   * Opens what {@link #prepare} has made, and reads all of it: the file may change from then on.
   *
   * @param outputKind what the exported graph says of the output of interest
   * @param metadata what the exported graph's file holds
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
   * As above, but the file is mapped into memory, and its weights are used where they lie: whoever
   * cuts it off takes them away, and the process with them.
   *
   * @param outputKind what the exported graph says of the output of interest
   * @param metadata what the exported graph's file holds
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

  /**
   * Optimises an exported graph for this processor, and writes it as ONNX Runtime reads it best.
   */
  static void prepare(Path exported, Path into) throws OrtException {
    try (SessionOptions options = OnnxOptions.preparing(into)) {
      OrtEnvironment.getEnvironment().createSession(exported.toString(), options).close();
    }
  }
}
