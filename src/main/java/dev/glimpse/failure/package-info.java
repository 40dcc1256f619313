/**
 * Belongs here: the kinds of failure, and the exceptions that carry them.
 *
 * <p>Does not: what HTTP makes of them; see the room {@code problem}.
 */
@NullMarked
package dev.glimpse.failure;

import org.jspecify.annotations.NullMarked;
