package dev.glimpse.engine;

/** What the last computing node before a graph's output makes of its scores. */
public enum OutputKind {
  /** A Softmax node: probabilities that sum to 1. */
  SOFTMAX,
  /** A Sigmoid node: an independent probability for each class. */
  SIGMOID,
  /** Anything else; whether these are logits shows only when the graph runs. */
  OTHER
}
