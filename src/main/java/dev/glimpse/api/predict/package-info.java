/**
 * Belongs here: Glimpse's own protocol: {@code POST /predict}, {@code POST /predict/batch} and
 * {@code GET /models}.
 *
 * <p>Does not: the classification itself; see {@link dev.glimpse.Classifier}.
 */
@NullMarked
package dev.glimpse.api.predict;

import org.jspecify.annotations.NullMarked;
