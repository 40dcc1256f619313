package dev.glimpse.engine;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.nio.ByteBuffer;

/**
 * A DJL predictor with an input tensor of its own. The tensor lies over a direct buffer: what is
 * written to the buffer is what ONNX Runtime reads, with no copy between.
 */
final class OnnxRunner implements Runner {

  private final OnnxSession session;
  private final long[] shape;
  private final NDManager manager;
  private final ByteBuffer buffer;
  private final Predictor<NDList, float[]> predictor;
  private final NDList inputs;

  OnnxRunner(OnnxSession session, Model model, TensorSpec spec, int outputIndex, long[] shape) {
    this.session = session;
    this.shape = shape.clone();
    DataType type = dataType(spec);
    this.manager = model.getNDManager().newSubManager();
    Shape djlShape = new Shape(shape);
    this.buffer = manager.allocateDirect(Math.toIntExact(djlShape.size() * type.getNumOfBytes()));
    NDArray input = manager.create(buffer, djlShape, type);
    input.setName(spec.name());
    this.inputs = new NDList(input);
    this.predictor = model.newPredictor(new Scores(outputIndex));
  }

  private static DataType dataType(TensorSpec spec) {
    return switch (spec.type()) {
      case "float" -> DataType.FLOAT32;
      case "float16" -> DataType.FLOAT16;
      case "uint8" -> DataType.UINT8;
      default -> throw new EngineException("No picture goes into " + spec + ".");
    };
  }

  long[] shape() {
    return shape;
  }

  @Override
  public ByteBuffer input() {
    return buffer.clear();
  }

  @Override
  public float[] run() {
    try {
      return predictor.predict(inputs);
    } catch (TranslateException | ai.djl.engine.EngineException e) {
      throw new EngineException("ONNX Runtime failed on a run: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    session.giveBack(this);
  }

  /** Frees the native memory for good. */
  void dispose() {
    predictor.close();
    manager.close();
  }

  /** Takes the scores out; DJL's ONNX Runtime has no tensor arithmetic, so nothing else is done. */
  private record Scores(int outputIndex) implements NoBatchifyTranslator<NDList, float[]> {

    @Override
    public NDList processInput(TranslatorContext context, NDList input) {
      return input;
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList outputs) {
      // DJL leaves the outputs with the input's manager, which lives on: free them here.
      try (outputs) {
        return outputs.get(outputIndex).toFloatArray(); // widens float16
      }
    }

    @Override
    public @org.jspecify.annotations.Nullable Batchifier getBatchifier() {
      return null; // DJL's own batching needs tensor arithmetic
    }
  }
}
