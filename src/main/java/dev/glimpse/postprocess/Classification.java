package dev.glimpse.postprocess;

/**
 * Holds one class that an image may show.
 *
 * @param label the class's name in the asked language
 * @param score its probability, 0 to 1
 * @param index its place in the model's output, from 0
 */
public record Classification(String label, float score, int index) {}
