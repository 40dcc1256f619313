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
