/**
 * Pictures that are somewhere else: fetched by URL, from public addresses only, without a worker
 * that waits. Knows nothing of what a picture is.
 */
@NullMarked
package dev.glimpse.remote;

import org.jspecify.annotations.NullMarked;
