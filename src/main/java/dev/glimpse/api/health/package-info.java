/**
 * Belongs here: the liveness and readiness checks, and the endpoint {@code GET /health}.
 *
 * <p>Does not: recovery; the platform restarts what is not alive.
 */
@NullMarked
package dev.glimpse.api.health;

import org.jspecify.annotations.NullMarked;
