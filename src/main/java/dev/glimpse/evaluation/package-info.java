/**
 * Measures how well a model classifies labelled images, compares two models, and reports it.
 *
 * <p>Does not belong here: how files are listed and worked on in order (package {@code folder}),
 * and what the command line looks like (package {@code cli}).
 */
@NullMarked
package dev.glimpse.evaluation;

import org.jspecify.annotations.NullMarked;
