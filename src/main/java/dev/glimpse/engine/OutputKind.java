package dev.glimpse.engine;

/** Says how the last computing node before a graph's output transforms the scores. */
public enum OutputKind {
  /** A Softmax node: probabilities that sum to 1. */
  SOFTMAX,
  /** A Sigmoid node: an independent probability for each class. */
  SIGMOID,
  /** Anything else; whether these are logits is known only when the graph runs. */
  OTHER
}
