package dev.glimpse.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Holds a graph's file that ONNX Runtime has opened.
 *
 * @param session owned by the caller that opened it
 * @param facts tells, by the name of the output, what the exported graph's file says
 * @param mapped the memory that the session reads for as long as it is open
 * @param added names of the session's outputs that the file does not declare
 */
record OnnxFile(
    OrtSession session,
    Function<String, GraphFacts> facts,
    Optional<ByteBuffer> mapped,
    Set<String> added) {

  private static final Logger LOG = Logger.getLogger(OnnxFile.class);

  /**
   * Opens a graph as it was exported: reads and optimises it, and lays out its weights for this
   * processor.
   *
   * @param arena whether ONNX Runtime keeps the memory of a run's tensors for the next run
   */
  static OnnxFile exported(Path file, boolean arena) throws OrtException, IOException {
    OnnxGraph graph = OnnxGraphReader.read(file);
    return withBestWeights(file, graph, weights -> exported(file, arena, graph, weights));
  }

  private interface WithWeights {
    OnnxFile open(EightBitWeights weights) throws OrtException;
  }

  /** Opens a graph with weights of 8 bits as this processor needs them. */
  private static OnnxFile withBestWeights(Path file, OnnxGraph graph, WithWeights opening)
      throws OrtException {
    if (graph.quantized() && Cpu.sumsOverflow()) {
      try {
        return OnnxRuntimeLog.attempt(() -> opening.open(EightBitWeights.UNSIGNED));
      } catch (OrtException e) {
        LOG.debugf("%s is not loaded with unsigned weights: %s", file, e.getMessage());
        return opening.open(EightBitWeights.AS_EXPORTED);
      }
    }
    return opening.open(graph.quantized() ? EightBitWeights.EXACT : EightBitWeights.NONE);
  }

  private static OnnxFile exported(
      Path file, boolean arena, OnnxGraph graph, EightBitWeights weights) throws OrtException {
    boolean unsigned = weights == EightBitWeights.UNSIGNED;
    try (SessionOptions options = OnnxOptions.exported(arena, unsigned)) {
      OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
      return new OnnxFile(
          session, output -> facts(graph, output, weights), Optional.empty(), Set.of());
    }
  }

  private static GraphFacts facts(OnnxGraph graph, String output, EightBitWeights weights) {
    return new GraphFacts(
        graph.outputKind(output), graph.dequantization(output), graph.metadata(), weights);
  }

  /**
   * Opens a graph as it was exported, with more of its tensors as outputs.
   *
   * @param tensors names of tensors that the graph's nodes make
   * @param eightBit how the served graph's session uses weights of 8 bits
   */
  static OnnxFile exposing(Path file, Set<String> tensors, boolean arena, EightBitWeights eightBit)
      throws OrtException, IOException {
    OnnxGraph facts = OnnxGraphReader.read(file);
    Set<String> hidden = hidden(facts, tensors);
    try (ExposedGraph graph = ExposedGraph.read(file, hidden)) {
      return exposing(file, graph, hidden, facts, arena, eightBit);
    }
  }

  /**
   * Opens a graph as it was exported, with one more of its tensors as an output, to be served.
   *
   * @param tensor the name of a tensor that the graph's nodes make
   */
  static OnnxFile exposing(Path file, String tensor, boolean arena)
      throws OrtException, IOException {
    OnnxGraph facts = OnnxGraphReader.read(file);
    if (!facts.makes(tensor)) {
      throw new UnknownTensorException(tensor);
    }
    Set<String> hidden = hidden(facts, Set.of(tensor));
    try (ExposedGraph graph = ExposedGraph.read(file, hidden)) {
      return withBestWeights(
          file, facts, weights -> exposing(file, graph, hidden, facts, arena, weights));
    }
  }

  private static Set<String> hidden(OnnxGraph graph, Set<String> tensors) {
    Set<String> hidden = new LinkedHashSet<>(tensors);
    hidden.removeAll(graph.outputs());
    return hidden;
  }

  private static OnnxFile exposing(
      Path file,
      ExposedGraph graph,
      Set<String> hidden,
      OnnxGraph facts,
      boolean arena,
      EightBitWeights eightBit)
      throws OrtException {
    boolean unsigned = eightBit == EightBitWeights.UNSIGNED;
    try (SessionOptions options = OnnxOptions.inMemory(file, arena, unsigned)) {
      OrtSession session = OrtEnvironment.getEnvironment().createSession(graph.bytes(), options);
      return new OnnxFile(
          session, output -> facts(facts, output, eightBit), Optional.empty(), hidden);
    }
  }

  /**
   * Opens a file that {@link #prepare} has written, and reads all of it: the file may change
   * afterwards. Weights in a second file are mapped.
   *
   * @param facts those of the exported graph
   */
  static OnnxFile prepared(Path file, GraphFacts facts, boolean arena) throws OrtException {
    try (SessionOptions options = OnnxOptions.prepared(arena)) {
      OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
      return new OnnxFile(session, output -> facts, Optional.empty(), Set.of());
    }
  }

  /** Maps a file that {@link #prepare} has written into memory, for {@link #mapped}. */
  static ByteBuffer map(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
  }

  /**
   * Opens a mapped graph, whose weights are used in place: if the file is truncated while it is
   * open, the process crashes.
   *
   * @param mapped by {@link #map}
   * @param facts those of the exported graph
   * @param packed see {@link OnnxOptions#mapped}
   */
  static OnnxFile mapped(ByteBuffer mapped, GraphFacts facts, boolean arena, boolean packed)
      throws OrtException {
    try (SessionOptions options = OnnxOptions.mapped(arena, packed)) {
      OrtSession session = OrtEnvironment.getEnvironment().createSession(mapped, options);
      return new OnnxFile(session, output -> facts, Optional.of(mapped), Set.of());
    }
  }

  /**
   * Optimises an exported graph for this processor, and writes it as {@link OnnxOptions#preparing}
   * says.
   *
   * @param eightBit how the exported graph's session uses weights of 8 bits
   */
  static void prepare(Path exported, Path into, Optional<String> weights, EightBitWeights eightBit)
      throws OrtException {
    boolean unsigned = eightBit == EightBitWeights.UNSIGNED;
    try (SessionOptions options = OnnxOptions.preparing(into, weights, unsigned)) {
      OrtEnvironment.getEnvironment().createSession(exported.toString(), options).close();
    }
  }
}
