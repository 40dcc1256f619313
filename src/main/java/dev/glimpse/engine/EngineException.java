package dev.glimpse.engine;

import java.util.regex.Pattern;

/**
 * Reports that ONNX Runtime rejected a graph or that a run failed. The message is for the log, not
 * for clients.
 */
public sealed class EngineException extends RuntimeException
    permits NotFiniteException, PlatformException, UnknownTensorException {

  private static final long serialVersionUID = 1L;

  /** Where in ONNX Runtime's source it failed: the file and the line, then a C++ signature. */
  private static final Pattern SOURCE =
      Pattern.compile(
          "/\\S*/(\\w+\\.(?:cc|h):\\d+) [\\w:<>,*& ]+\\([^()]*(?:\\([^()]*\\)[^()]*)*\\)(?: const)?"
              + " ");

  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }

  public EngineException(String message) {
    super(message);
  }

  /** Returns the message on one line, without the signatures of ONNX Runtime's functions. */
  public String oneLine() {
    String line = String.valueOf(getMessage()).strip().replaceAll("\\s+", " ");
    return SOURCE.matcher(line).replaceAll("$1 ");
  }
}
