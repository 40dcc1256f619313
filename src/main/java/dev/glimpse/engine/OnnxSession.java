package dev.glimpse.engine;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.onnxruntime.engine.OrtNDManager;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs a session of ONNX Runtime inside a DJL model. Opens the session itself and passes it to DJL,
 * because DJL hides the session, and with it the shapes of its inputs and outputs.
 */
final class OnnxSession implements Session {

  private final Model model;
  private final OnnxFile file;
  private final OnnxTensors tensors;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final List<String> omitted;
  private final TensorSpec output;
  private final boolean outputIsTensor;
  private final int outputIndex;
  private final OptionalInt vectorIndex;
  private final GraphFacts facts;
  private final AtomicLong inputBytes;
  private final Deque<OnnxRunner> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  private OnnxSession(
      Model model,
      OnnxFile file,
      OutputChoice choice,
      Optional<String> vector,
      AtomicLong inputBytes)
      throws OrtException {
    OrtSession session = file.session();
    this.model = model;
    this.file = file;
    this.tensors = new OnnxTensors(session);
    this.inputBytes = inputBytes;
    this.inputs = session.getInputInfo().values().stream().map(OnnxTensors::describe).toList();
    var all = session.getOutputInfo().values().stream().toList();
    List<String> names = all.stream().map(NodeInfo::getName).toList();
    var nodes =
        vector.isEmpty()
            ? all
            : all.stream().filter(node -> !file.added().contains(node.getName())).toList();
    this.outputs = OnnxOutputs.describe(nodes);
    this.omitted = OnnxOutputs.omitted(nodes);
    if (outputs.isEmpty()) {
      throw new EngineException("No output of the graph is a tensor.");
    }
    List<TensorSpec> tensors = OnnxOutputs.tensors(nodes);
    this.outputIsTensor = !tensors.isEmpty();
    this.output = choice.choose(outputIsTensor ? tensors : outputs);
    this.outputIndex = names.indexOf(output.name());
    this.vectorIndex =
        vector.map(name -> OptionalInt.of(names.indexOf(name))).orElseGet(OptionalInt::empty);
    this.facts = file.facts().apply(output.name());
  }

  /**
   * Creates a session for an opened graph.
   *
   * @param choice chooses the output for images
   * @param vector names an output that {@link Runner#vectors} returns, and that is among {@link
   *     #outputs} only if the file declares it
   * @param inputBytes counts the memory of the runners' inputs
   */
  static OnnxSession of(
      Engine engine,
      OnnxFile file,
      OutputChoice choice,
      Optional<String> vector,
      AtomicLong inputBytes)
      throws OrtException {
    Model model = engine.newModel("model", Device.cpu());
    try {
      model.setBlock(new OrtSymbolBlock(file.session(), (OrtNDManager) model.getNDManager()));
      return new OnnxSession(model, file, choice, vector, inputBytes);
    } catch (OrtException | RuntimeException e) {
      model.close(); // and with it ONNX Runtime's session
      throw e;
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
  public List<String> omittedOutputs() {
    return omitted;
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
  public boolean outputIsTensor() {
    return outputIsTensor;
  }

  @Override
  public OutputKind outputKind() {
    return facts.outputKind();
  }

  @Override
  public Map<String, String> metadata() {
    return facts.metadata();
  }

  @Override
  public Optional<Dequantization> dequantization() {
    return facts.dequantization();
  }

  @Override
  public EightBitWeights eightBitWeights() {
    return facts.eightBitWeights();
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
    OnnxRunner made = new OnnxRunner(this, model, input(), outputIndex, vectorIndex, shape);
    inputBytes.addAndGet(made.input().capacity());
    return made;
  }

  @Override
  public List<Tensor> run(List<Tensor> given, Set<String> outputNames) {
    requireOpen();
    return tensors.run(given, outputNames);
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
    try {
      disposeIdle();
      model.close();
    } finally {
      Reference.reachabilityFence(file); // ONNX Runtime reads the mapped memory until here
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
}
