/**
 * Belongs here: what every door needs of HTTP itself: a request's id and deadline, a body bounded
 * in bytes and time, the way out.
 *
 * <p>Does not: routes.
 */
@NullMarked
package dev.glimpse.http;

import org.jspecify.annotations.NullMarked;
