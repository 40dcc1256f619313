package dev.glimpse.engine;

/**
 * Turns an output of 8-bit integers into the numbers that they stand for: {@code (integer −
 * zeroPoint) × scale}.
 *
 * @param scale of the node that made the output
 * @param zeroPoint of the same node
 */
public record Dequantization(float scale, int zeroPoint) {

  float apply(int integer) {
    return (integer - zeroPoint) * scale;
  }
}
