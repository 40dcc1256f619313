/**
 * Defines the metrics, with their names, tags and buckets, and the log context of a request.
 *
 * <p>The code that does the work measures and records it.
 */
@NullMarked
package dev.glimpse.metrics;

import org.jspecify.annotations.NullMarked;
