package dev.glimpse.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * Holds one class that an image may show.
 *
 * @param label the class's label in the requested language
 * @param name the model's own label; null if {@code label} is that
 * @param score its probability, 0 to 1
 * @param index its place in the model's output, from 0
 */
public record Classification(String label, @Nullable String name, float score, int index) {

  /** Creates a class with the model's own label. */
  public Classification(String label, float score, int index) {
    this(label, null, score, index);
  }
}
