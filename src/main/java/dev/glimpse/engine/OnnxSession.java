package dev.glimpse.engine;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.onnxruntime.engine.OrtNDManager;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A session of ONNX Runtime inside a DJL model. We open the session ourselves and hand it to DJL,
 * because DJL hides it and with it the shapes of its inputs and outputs.
 */
final class OnnxSession implements Session {

  /** What Hugging Face's exporter calls a classifier's output; taken when there are several. */
  private static final String LOGITS = "logits";

  private final Model model;
  private final TensorSpec input;
  private final TensorSpec output;
  private final int outputIndex;
  private final OutputKind outputKind;
  private final Map<String, String> metadata;
  private final AtomicLong inputBytes;
  private final Deque<OnnxRunner> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  private OnnxSession(Model model, OrtSession session, OnnxGraph graph, AtomicLong inputBytes)
      throws OrtException {
    this.model = model;
    this.inputBytes = inputBytes;
    this.input = describe(single(session.getInputInfo().values()));
    var outputs = session.getOutputInfo().values().stream().toList();
    NodeInfo chosen =
        outputs.stream()
            .filter(o -> o.getName().equals(LOGITS))
            .findFirst()
            .orElseGet(() -> outputs.get(0));
    this.outputIndex = outputs.indexOf(chosen);
    this.output = describe(chosen);
    this.outputKind = graph.outputKind(output.name());
    this.metadata = graph.metadata();
  }

  /**
   * Opens a graph.
   *
   * @param arena whether ONNX Runtime keeps the memory of a run's tensors for the next run
   * @param inputBytes counts the memory of the runners' inputs
   */
  static OnnxSession open(Engine engine, Path file, boolean arena, AtomicLong inputBytes) {
    Model model = engine.newModel(file.getFileName().toString(), Device.cpu());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // One thread an inference: a worker runs the graph itself, and none spins while it waits.
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      options.setCPUArenaAllocator(arena);
      // Each session says so for itself: the environment may be older than the log's settings.
      options.setSessionLogLevel(
          OnnxRuntimeLog.LOG.isDebugEnabled()
              ? OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING
              : OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      OnnxGraph graph = OnnxGraph.read(file);
      OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
      model.setBlock(new OrtSymbolBlock(session, (OrtNDManager) model.getNDManager()));
      return new OnnxSession(model, session, graph, inputBytes);
    } catch (OrtException | IOException | RuntimeException e) {
      model.close();
      throw e instanceof EngineException refused
          ? refused
          : new EngineException("ONNX Runtime cannot load the graph: " + e.getMessage(), e);
    }
  }

  @Override
  public TensorSpec input() {
    return input;
  }

  @Override
  public TensorSpec output() {
    return output;
  }

  @Override
  public OutputKind outputKind() {
    return outputKind;
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public Runner borrow(long... shape) {
    if (closed) {
      throw new IllegalStateException("The session is closed.");
    }
    // Last in, first out: the runner used last has its memory in the cache.
    OnnxRunner runner = idle.pollFirst();
    if (runner != null && Arrays.equals(runner.shape(), shape)) {
      return runner;
    }
    if (runner != null) {
      dispose(runner);
    }
    OnnxRunner made = new OnnxRunner(this, model, input, outputIndex, shape);
    inputBytes.addAndGet(made.input().capacity());
    return made;
  }

  void giveBack(OnnxRunner runner) {
    idle.addFirst(runner);
    if (closed) {
      disposeIdle();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    disposeIdle();
    model.close();
  }

  private void disposeIdle() {
    for (OnnxRunner runner = idle.pollFirst(); runner != null; runner = idle.pollFirst()) {
      dispose(runner);
    }
  }

  private void dispose(OnnxRunner runner) {
    inputBytes.addAndGet(-runner.input().capacity());
    runner.dispose();
  }

  private static NodeInfo single(Collection<NodeInfo> inputs) {
    if (inputs.size() != 1) {
      throw new EngineException(
          "A picture goes into one input, and the graph has "
              + inputs.size()
              + ": "
              + String.join(", ", inputs.stream().map(NodeInfo::getName).toList())
              + ".");
    }
    return inputs.iterator().next();
  }

  private static TensorSpec describe(NodeInfo node) {
    if (!(node.getInfo() instanceof TensorInfo tensor)) {
      throw new EngineException(node.getName() + " is not a tensor.");
    }
    return new TensorSpec(
        node.getName(),
        tensor.type.name().toLowerCase(java.util.Locale.ROOT),
        Arrays.stream(tensor.getShape()).boxed().toList());
  }
}
