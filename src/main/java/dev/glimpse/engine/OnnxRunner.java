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
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A DJL predictor with an input tensor of its own. The tensor lies over a direct buffer: what is
 * written to the buffer is what ONNX Runtime reads, with no copy between.
 */
final class OnnxRunner implements Runner {

  private final OnnxSession session;
  private final TensorSpec spec;
  private final long[] shape;
  private final NDManager manager;
  private final ByteBuffer buffer;
  private final Predictor<NDList, float[]> predictor;

  /** The tensor over the first pictures of the buffer, by their number less one; made as needed. */
  private final @Nullable NDList[] inputs;

  OnnxRunner(OnnxSession session, Model model, TensorSpec spec, int outputIndex, long[] shape) {
    this.session = session;
    this.spec = spec;
    this.shape = shape.clone();
    this.manager = model.getNDManager().newSubManager();
    this.buffer =
        manager.allocateDirect(
            Math.toIntExact(new Shape(shape).size() * dataType(spec).getNumOfBytes()));
    this.inputs = new NDList[Math.toIntExact(shape[0])];
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
  public float[] run(int pictures) {
    try {
      return finite(predictor.predict(first(pictures)));
    } catch (TranslateException | ai.djl.engine.EngineException e) {
      throw new EngineException("ONNX Runtime failed on a run: " + e.getMessage(), e);
    }
  }

  private static float[] finite(float[] scores) {
    for (float score : scores) {
      if (!Float.isFinite(score)) {
        throw new NotFiniteException();
      }
    }
    return scores;
  }

  private NDList first(int pictures) {
    NDList made = inputs[pictures - 1];
    if (made != null) {
      return made;
    }
    long[] part = shape.clone();
    part[0] = pictures;
    Shape djlShape = new Shape(part);
    DataType type = dataType(spec);
    int bytes = Math.toIntExact(djlShape.size() * type.getNumOfBytes());
    NDArray input =
        manager.create(buffer.slice(0, bytes).order(ByteOrder.nativeOrder()), djlShape, type);
    input.setName(spec.name());
    NDList list = new NDList(input);
    inputs[pictures - 1] = list;
    return list;
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
    public @Nullable Batchifier getBatchifier() {
      return null; // DJL's own batching needs tensor arithmetic
    }
  }
}
