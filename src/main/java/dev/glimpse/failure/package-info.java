/**
 * Defines the kinds of failure, the exceptions that carry them, and how they are reported in a log.
 *
 * <p>Does not belong here: the HTTP responses, which {@code api.problem} writes.
 */
@NullMarked
package dev.glimpse.failure;

import org.jspecify.annotations.NullMarked;
