/**
 * Belongs here: the liveness and readiness checks, and the endpoint {@code GET /health}.
 *
 * <p>The checks do not block, so they run on the event loop: waiting for a thread would make a
 * loaded service look dead.
 *
 * <p>Does not: recovery; the platform restarts what is not alive.
 */
@NullMarked
package dev.glimpse.api.health;

import org.jspecify.annotations.NullMarked;
