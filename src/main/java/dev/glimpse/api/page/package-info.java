/**
 * Belongs here: the page for browsers, which is in the folder {@code page} of the resources, and
 * the list of endpoints for other clients.
 *
 * <p>Does not: anything that classifies; the page uses the endpoints as other clients do.
 */
@NullMarked
package dev.glimpse.api.page;

import org.jspecify.annotations.NullMarked;
