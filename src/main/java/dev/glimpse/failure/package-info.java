/**
 * Defines the kinds of failure, and the exceptions that carry them.
 *
 * <p>Does not belong here: the HTTP responses, which {@code api.problem} writes.
 */
@NullMarked
package dev.glimpse.failure;

import org.jspecify.annotations.NullMarked;
