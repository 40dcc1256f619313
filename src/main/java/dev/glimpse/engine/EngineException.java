package dev.glimpse.engine;

/** ONNX Runtime refused a graph or failed on a run. The message is for the log, not for clients. */
public sealed class EngineException extends RuntimeException permits NotFiniteException {

  private static final long serialVersionUID = 1L;

  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }

  public EngineException(String message) {
    super(message);
  }
}
