package dev.glimpse.engine;

import java.nio.ByteBuffer;

/** Runs a graph on an input buffer that is reused from run to run. For one thread at a time. */
public interface Runner extends AutoCloseable {

  /**
   * Returns the input tensor's memory: direct, native order, position 0, row-major, exactly as
   * large as its shape and element type require. Holds the last run's input until it is
   * overwritten.
   */
  ByteBuffer input();

  /**
   * Runs the graph on the first images in {@link #input}.
   *
   * @param images 1 to the first dimension of the shape
   * @return the output tensor's elements, row-major, in a new array
   * @throws EngineException if ONNX Runtime fails
   * @throws NotFiniteException if one of the elements is NaN or infinity
   */
  float[] run(int images);

  /**
   * Returns the vectors of the images of the last run, one after the other, in an array that is the
   * caller's; empty if the session exposes none, or the tensor has another shape or type.
   */
  default float[] vectors() {
    return new float[0];
  }

  /** Runs the graph on the first image, which is the only one without batching. */
  default float[] run() {
    return run(1);
  }

  /** Returns the runner to its session. */
  @Override
  void close();
}
