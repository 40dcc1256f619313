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
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
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
  private final OnnxTensors tensors;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final TensorSpec output;
  private final int outputIndex;
  private final OutputKind outputKind;
  private final AtomicLong inputBytes;
  private final Deque<OnnxRunner> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  private OnnxSession(Model model, OrtSession session, OnnxGraph graph, AtomicLong inputBytes)
      throws OrtException {
    this.model = model;
    this.tensors = new OnnxTensors(session);
    this.inputBytes = inputBytes;
    this.inputs = session.getInputInfo().values().stream().map(OnnxTensors::describe).toList();
    var nodes = session.getOutputInfo().values().stream().toList();
    this.outputs = OnnxTensors.describeTensors(nodes.stream());
    this.output =
        outputs.stream()
            .filter(o -> o.name().equals(LOGITS))
            .findFirst()
            .orElseGet(() -> first(outputs));
    this.outputIndex = nodes.stream().map(NodeInfo::getName).toList().indexOf(output.name());
    this.outputKind = graph.outputKind(output.name());
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
  public List<TensorSpec> inputs() {
    return inputs;
  }

  @Override
  public List<TensorSpec> outputs() {
    return outputs;
  }

  @Override
  public TensorSpec input() {
    return inputs.get(0);
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
  public Runner borrow(long... shape) {
    requireOpen();
    // Last in, first out: the runner used last has its memory in the cache.
    OnnxRunner runner = idle.pollFirst();
    if (runner != null && Arrays.equals(runner.shape(), shape)) {
      return runner;
    }
    if (runner != null) {
      dispose(runner);
    }
    OnnxRunner made = new OnnxRunner(this, model, input(), outputIndex, shape);
    inputBytes.addAndGet(made.input().capacity());
    return made;
  }

  @Override
  public List<Tensor> run(List<Tensor> given, Set<String> wanted) {
    requireOpen();
    return tensors.run(given, wanted);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The session is closed.");
    }
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

  private static TensorSpec first(List<TensorSpec> outputs) {
    if (outputs.isEmpty()) {
      throw new EngineException("No output of the graph is a tensor.");
    }
    return outputs.get(0);
  }
}
