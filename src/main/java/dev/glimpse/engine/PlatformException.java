package dev.glimpse.engine;

/**
 * Reports that the machine does not let ONNX Runtime do its work, whichever model is loaded. The
 * message is a sentence for the operator.
 */
public final class PlatformException extends EngineException {

  private static final long serialVersionUID = 1L;

  PlatformException(String message) {
    super(message);
  }

  PlatformException(String message, Throwable cause) {
    super(message, cause);
  }
}
