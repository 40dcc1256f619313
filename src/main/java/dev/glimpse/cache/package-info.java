/**
 * Caches results, for equal requests that come later or at the same time.
 *
 * <p>It is a package of its own because none of it may run while it is off, and everything else has
 * to work without it.
 */
@NullMarked
package dev.glimpse.cache;

import org.jspecify.annotations.NullMarked;
