/**
 * Caches results, for equal requests that come later or at the same time.
 *
 * <p>It is a separate package because none of it may run while the cache is off, and everything
 * else must work without it.
 */
@NullMarked
package dev.glimpse.cache;

import org.jspecify.annotations.NullMarked;
