package dev.glimpse.engine;

/** Reports that a graph is to give a tensor that none of its nodes makes. */
public final class UnknownTensorException extends EngineException {

  private static final long serialVersionUID = 1L;

  private final String tensor;

  UnknownTensorException(String tensor) {
    super("The graph makes no tensor with the name " + tensor);
    this.tensor = tensor;
  }

  /** Returns the name. */
  public String tensor() {
    return tensor;
  }
}
