package dev.glimpse.engine;

/**
 * Says how a graph's signed 8-bit weights are used. Processors without VNNI add products of
 * unsigned and signed bytes in 16 bits, which may overflow; ONNX Runtime can make the weights
 * unsigned while it loads a graph, but then rejects some graphs that it loads otherwise.
 */
public enum EightBitWeights {
  /** The graph has no quantized nodes. */
  NONE("none", "graph"),
  /** Used as they are, and sums are exact. */
  EXACT("as exported", "this processor adds them exactly"),
  /** Made unsigned, so that sums are exact. */
  UNSIGNED("made unsigned", "this processor's sums of signed ones may overflow"),
  /** Used as they are, because ONNX Runtime rejects the graph with unsigned weights. */
  AS_EXPORTED(
      "as exported, and sums may overflow",
      "ONNX Runtime does not load this graph with unsigned ones");

  private final String words;
  private final String reason;

  EightBitWeights(String words, String reason) {
    this.words = words;
    this.reason = reason;
  }

  /** Describes what is done, for people. */
  public String words() {
    return words;
  }

  /** Returns the reason for it, for people. */
  public String reason() {
    return reason;
  }
}
