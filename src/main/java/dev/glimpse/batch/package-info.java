/**
 * Belongs here: who is let in, the queue bounded in size and time, and the worker threads behind
 * it.
 *
 * <p>Does not: what the workers do.
 */
@NullMarked
package dev.glimpse.batch;

import org.jspecify.annotations.NullMarked;
