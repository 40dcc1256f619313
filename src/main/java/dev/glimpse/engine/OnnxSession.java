package dev.glimpse.engine;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.onnxruntime.engine.OrtNDManager;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.lang.ref.Reference;
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
  private final OnnxFile file;
  private final TensorSpec input;
  private final TensorSpec output;
  private final int outputIndex;
  private final OutputKind outputKind;
  private final Map<String, String> metadata;
  private final AtomicLong inputBytes;
  private final Deque<OnnxRunner> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  private OnnxSession(Model model, OnnxFile file, AtomicLong inputBytes) throws OrtException {
    OrtSession session = file.session();
    this.model = model;
    this.file = file;
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
    this.outputKind = file.outputKind().apply(output.name());
    this.metadata = file.metadata();
  }

  /**
   * Makes a session of a graph's file.
   *
   * @param inputBytes counts the memory of the runners' inputs
   */
  static OnnxSession of(Engine engine, OnnxFile file, AtomicLong inputBytes) throws OrtException {
    Model model = engine.newModel("model", Device.cpu());
    try {
      model.setBlock(new OrtSymbolBlock(file.session(), (OrtNDManager) model.getNDManager()));
      return new OnnxSession(model, file, inputBytes);
    } catch (OrtException | RuntimeException e) {
      model.close(); // and with it ONNX Runtime's session
      throw e;
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
    try {
      disposeIdle();
      model.close();
    } finally {
      Reference.reachabilityFence(file); // until here ONNX Runtime reads the memory it may hold
    }
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
