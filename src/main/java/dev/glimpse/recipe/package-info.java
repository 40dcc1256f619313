/**
 * Reads what a model's files say about preprocessing, labels and outputs, and checks that it fits
 * the graph.
 *
 * <p>Belongs here: one class for each source of configuration (Hugging Face, timm, DJL Serving,
 * Ultralytics, the ONNX metadata). Does not belong here: how files are found and parsed (package
 * {@code repository}), and running a graph (package {@code model}).
 */
@NullMarked
package dev.glimpse.recipe;

import org.jspecify.annotations.NullMarked;
