/**
 * Belongs here: the bounded queue and the worker threads behind it.
 *
 * <p>Does not: what the workers do.
 */
@NullMarked
package dev.glimpse.batch;

import org.jspecify.annotations.NullMarked;
