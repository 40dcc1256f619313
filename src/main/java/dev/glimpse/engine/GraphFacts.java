package dev.glimpse.engine;

import java.util.Map;
import java.util.Optional;

/**
 * Holds what only an exported graph's file says, and a prepared one no longer does.
 *
 * @param outputKind what the graph's nodes compute for the output
 * @param dequantization what the output's integers stand for; empty if it holds other numbers
 * @param metadata metadata that the exporter wrote into the file
 * @param eightBitWeights how weights of 8 bits are used
 */
public record GraphFacts(
    OutputKind outputKind,
    Optional<Dequantization> dequantization,
    Map<String, String> metadata,
    EightBitWeights eightBitWeights) {

  /** Returns the facts of an open graph. */
  public static GraphFacts of(Session session) {
    return new GraphFacts(
        session.outputKind(),
        session.dequantization(),
        session.metadata(),
        session.eightBitWeights());
  }
}
