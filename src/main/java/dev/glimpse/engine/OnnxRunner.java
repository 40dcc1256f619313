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
 * Runs a DJL predictor on an input tensor of its own. The tensor wraps a direct buffer, from which
 * ONNX Runtime reads without a copy. For one thread at a time.
 */
final class OnnxRunner implements Runner {

  private final OnnxSession session;
  private final TensorSpec spec;
  private final long[] shape;
  private final NDManager manager;
  private final ByteBuffer buffer;
  private final Predictor<NDList, float[]> predictor;

  /**
   * Tensors over the first images of the buffer, at index number of images − 1; created as needed.
   */
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
      default ->
          throw new EngineException(
              "Images cannot be written to the input "
                  + spec
                  + ": its elements must be float, float16 or uint8.");
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
  public float[] run(int images) {
    try {
      return finite(predictor.predict(first(images)));
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

  private NDList first(int images) {
    NDList made = inputs[images - 1];
    if (made != null) {
      return made;
    }
    long[] part = shape.clone();
    part[0] = images;
    Shape djlShape = new Shape(part);
    DataType type = dataType(spec);
    int bytes = Math.toIntExact(djlShape.size() * type.getNumOfBytes());
    NDArray input =
        manager.create(buffer.slice(0, bytes).order(ByteOrder.nativeOrder()), djlShape, type);
    input.setName(spec.name());
    NDList list = new NDList(input);
    inputs[images - 1] = list;
    return list;
  }

  @Override
  public void close() {
    session.giveBack(this);
  }

  /** Frees the native memory. */
  void dispose() {
    predictor.close();
    manager.close();
  }

  /** Copies the scores; does nothing else, as DJL's ONNX Runtime has no tensor arithmetic. */
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
