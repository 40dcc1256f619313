package dev.glimpse.engine;

/**
 * Reports that a graph's output holds NaN or infinity, from which no probability can be computed.
 */
public final class NotFiniteException extends EngineException {

  private static final long serialVersionUID = 1L;

  public NotFiniteException() {
    super("The graph's output holds NaN or infinity.");
  }
}
