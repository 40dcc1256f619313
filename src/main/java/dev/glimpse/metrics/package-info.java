/**
 * Belongs here: every meter's name, tags and buckets.
 *
 * <p>Does not: measuring; whoever does the work records it.
 */
@NullMarked
package dev.glimpse.metrics;

import org.jspecify.annotations.NullMarked;
