/**
 * Belongs here: the one place where an exception becomes an RFC 9457 answer.
 *
 * <p>Does not: deciding what a failure is; that is said where it happens.
 */
@NullMarked
package dev.glimpse.problem;

import org.jspecify.annotations.NullMarked;
