package dev.glimpse.postprocess;

/**
 * Holds the score of a group of classes.
 *
 * @param label the group's name
 * @param score the sum of its classes' scores, 0 to 1
 * @param index its place among the model's groups, from 0
 */
public record GroupScore(String label, float score, int index) {}
