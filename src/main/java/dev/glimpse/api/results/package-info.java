/**
 * Accepts requests that are answered later, and serves their results.
 *
 * <p>Belongs here: what {@code Prefer: respond-async} means, and {@code /results/{id}}. Does not
 * belong here: where jobs are kept, and when they are worked on.
 */
@NullMarked
package dev.glimpse.api.results;

import org.jspecify.annotations.NullMarked;
