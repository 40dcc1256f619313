/**
 * Belongs here: who is let in, the queue bounded in size and time, the worker threads behind it,
 * and what is run together.
 *
 * <p>Does not: what the workers do.
 */
@NullMarked
package dev.glimpse.batch;

import org.jspecify.annotations.NullMarked;
