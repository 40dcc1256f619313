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
import ai.onnxruntime.OrtException;
import dev.glimpse.failure.Causes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Runs a DJL predictor on an input tensor of its own. The tensor wraps a direct buffer, from which
 * ONNX Runtime reads without a copy. For one thread at a time.
 */
final class OnnxRunner implements Runner {

  private static final float[] NONE = {};

  private final OnnxSession session;
  private final TensorSpec spec;
  private final long[] shape;
  private final NDManager manager;
  private final ByteBuffer buffer;
  private final Predictor<NDList, Ran> predictor;
  private float[] vectors = NONE;

  /**
   * Tensors over the first images of the buffer, at index number of images − 1; created as needed.
   */
  private final @Nullable NDList[] inputs;

  OnnxRunner(
      OnnxSession session,
      Model model,
      TensorSpec spec,
      int outputIndex,
      OptionalInt vectorIndex,
      long[] shape) {
    this.session = session;
    this.spec = spec;
    this.shape = shape.clone();
    this.manager = model.getNDManager().newSubManager();
    this.buffer =
        manager.allocateDirect(
            Math.toIntExact(new Shape(shape).size() * dataType(spec).getNumOfBytes()));
    this.inputs = new NDList[Math.toIntExact(shape[0])];
    this.predictor =
        model.newPredictor(new Scores(outputIndex, vectorIndex, session.dequantization()));
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
      Ran ran = predictor.predict(first(images));
      vectors = ran.vectors;
      return finite(ran.scores);
    } catch (TranslateException | ai.djl.engine.EngineException e) {
      throw new EngineException("ONNX Runtime failed on a run: " + words(e), e);
    }
  }

  @Override
  public float[] vectors() {
    return vectors;
  }

  /** Returns ONNX Runtime's own message, which DJL wraps in the names of its exceptions. */
  private static @Nullable String words(Exception e) {
    return Causes.of(e).filter(OrtException.class::isInstance).findFirst().orElse(e).getMessage();
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

  /** What a run gave. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Ran(float[] scores, float[] vectors) {}

  /** Copies the scores; does nothing else, as DJL's ONNX Runtime has no tensor arithmetic. */
  private record Scores(
      int outputIndex, OptionalInt vectorIndex, Optional<Dequantization> dequantization)
      implements NoBatchifyTranslator<NDList, Ran> {

    @Override
    public NDList processInput(TranslatorContext context, NDList input) {
      return input;
    }

    @Override
    public Ran processOutput(TranslatorContext context, NDList outputs) {
      // DJL leaves the outputs with the input's manager, which lives on: free them here.
      try (outputs) {
        return new Ran(
            floats(outputs.get(outputIndex)),
            vectorIndex.isPresent() ? vectors(outputs.get(vectorIndex.getAsInt())) : NONE);
      }
    }

    private static float[] vectors(NDArray output) {
      return switch (output.getDataType()) {
        case FLOAT32, FLOAT16 ->
            ImageVectors.of(output.toFloatArray(), output.getShape().getShape());
        case FLOAT64 ->
            ImageVectors.of(narrowed(output.toDoubleArray()), output.getShape().getShape());
        default -> NONE; // integers mean nothing without their scale
      };
    }

    private float[] floats(NDArray output) {
      return switch (output.getDataType()) {
        case FLOAT64 -> narrowed(output.toDoubleArray());
        case UINT8 -> dequantized(output.toByteArray(), 0xFF);
        case INT8 -> dequantized(output.toByteArray(), -1);
        default -> output.toFloatArray(); // widens float16
      };
    }

    private static float[] narrowed(double[] doubles) {
      float[] floats = new float[doubles.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) doubles[i];
      }
      return floats;
    }

    /**
     * Turns bytes into numbers.
     *
     * @param mask 0xFF if they are unsigned, -1 if they are signed
     */
    private float[] dequantized(byte[] bytes, int mask) {
      Dequantization meaning = dequantization.orElse(new Dequantization(1, 0));
      float[] floats = new float[bytes.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = meaning.apply(bytes[i] & mask);
      }
      return floats;
    }

    @Override
    public @Nullable Batchifier getBatchifier() {
      return null; // DJL's own batching needs tensor arithmetic
    }
  }
}
