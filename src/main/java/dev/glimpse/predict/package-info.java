/**
 * Belongs here: our own protocol, {@code POST /predict} and {@code GET /models}, bodies in and
 * answers out.
 *
 * <p>Does not: the work; see {@link dev.glimpse.Classifier}.
 */
@NullMarked
package dev.glimpse.predict;

import org.jspecify.annotations.NullMarked;
