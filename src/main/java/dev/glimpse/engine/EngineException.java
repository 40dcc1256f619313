package dev.glimpse.engine;

/**
 * Reports that ONNX Runtime rejected a graph or that a run failed. The message is for the log, not
 * for clients.
 */
public sealed class EngineException extends RuntimeException
    permits NotFiniteException, PlatformException {

  private static final long serialVersionUID = 1L;

  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }

  public EngineException(String message) {
    super(message);
  }

  /** Returns the whole message on one line. */
  public String oneLine() {
    return String.valueOf(getMessage()).strip().replaceAll("\\s+", " ");
  }
}
