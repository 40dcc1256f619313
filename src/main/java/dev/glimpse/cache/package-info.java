/**
 * Belongs here: answers that have been given, for whoever asks the same again or at the same time.
 *
 * <p>Does not: what an answer is worked out of, or which worker does it. A room of its own, because
 * nothing of it may run while it is off, and everything else has to work without it.
 */
@NullMarked
package dev.glimpse.cache;

import org.jspecify.annotations.NullMarked;
