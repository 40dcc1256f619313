/**
 * Loads one model and runs it.
 *
 * <p>Belongs here: opening a graph, matching it with its recipe, warming it up, optimizing it ahead
 * of time, and running inference on an image. Does not belong here: which models are in service
 * (package {@code registry}), what the files mean (package {@code recipe}).
 */
@NullMarked
package dev.glimpse.model;

import org.jspecify.annotations.NullMarked;
