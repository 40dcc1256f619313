package dev.glimpse.engine;

/** A graph answered a picture with NaN or infinity, of which no probability can be made. */
public final class NotFiniteException extends EngineException {

  private static final long serialVersionUID = 1L;

  public NotFiniteException() {
    super("The graph answers with NaN or infinity.");
  }
}
