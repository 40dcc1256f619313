package dev.glimpse.engine;

import java.nio.ByteBuffer;

/** One thread's way through a session: an input buffer that is used again and again, and a run. */
public interface Runner extends AutoCloseable {

  /**
   * The input tensor's memory: direct, native order, position 0, just as large as its shape and the
   * type of its elements ask for, row-major. Holds the last run's input until it is overwritten.
   */
  ByteBuffer input();

  /**
   * Runs the graph on the first pictures of what {@link #input} holds.
   *
   * @param pictures 1 to the first dimension of the shape
   * @return the output tensor's elements, row-major, in a new array
   * @throws EngineException if ONNX Runtime refuses or fails
   * @throws NotFiniteException if one of the elements is NaN or infinity
   */
  float[] run(int pictures);

  /** Runs the graph on the first picture, which is the only one where none are batched. */
  default float[] run() {
    return run(1);
  }

  /** Gives the runner back to its session. */
  @Override
  void close();
}
