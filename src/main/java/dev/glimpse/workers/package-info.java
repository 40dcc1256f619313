/**
 * Runs the work: admission, a queue bounded in size and time, and the worker threads behind it.
 *
 * <p>What the workers do is passed to them; this package knows nothing of images or models.
 */
@NullMarked
package dev.glimpse.workers;

import org.jspecify.annotations.NullMarked;
