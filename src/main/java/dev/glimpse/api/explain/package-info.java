/**
 * Belongs here: Glimpse's own protocol for what is behind a score: {@code POST /explain} and {@code
 * POST /embed}.
 *
 * <p>Does not: how a score is explained; see {@link dev.glimpse.Explainer}.
 */
@NullMarked
package dev.glimpse.api.explain;

import org.jspecify.annotations.NullMarked;
