/**
 * Belongs here: the mapping of exceptions to RFC 9457 problems, and to the error objects of
 * inference protocols.
 *
 * <p>Does not: deciding which failure an error is; the code that detects it throws the right {@code
 * Failure}.
 */
@NullMarked
package dev.glimpse.api.problem;

import org.jspecify.annotations.NullMarked;
