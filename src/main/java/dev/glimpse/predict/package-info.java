/**
 * Belongs here: the door {@code POST /predict}, bodies in and answers out.
 *
 * <p>Does not: the work; see {@link dev.glimpse.Classifier}.
 */
@NullMarked
package dev.glimpse.predict;

import org.jspecify.annotations.NullMarked;
