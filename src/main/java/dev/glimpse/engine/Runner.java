package dev.glimpse.engine;

import java.nio.FloatBuffer;

/** One thread's way through a session: an input buffer that is used again and again, and a run. */
public interface Runner extends AutoCloseable {

  /**
   * The input tensor's memory: direct, native order, position 0, as many floats as its shape has
   * elements, row-major. Holds the last run's input until it is overwritten.
   */
  FloatBuffer input();

  /**
   * Runs the graph on what {@link #input} holds.
   *
   * @return the output tensor's elements, row-major, in a new array
   * @throws EngineException if ONNX Runtime refuses or fails
   */
  float[] run();

  /** Gives the runner back to its session. */
  @Override
  void close();
}
