/**
 * Belongs here: the Open Inference Protocol v2, bodies in and answers out; KServe, Triton and
 * others speak it.
 *
 * <p>Does not: the work; see {@link dev.glimpse.Inference}.
 */
@NullMarked
package dev.glimpse.openinference;

import org.jspecify.annotations.NullMarked;
