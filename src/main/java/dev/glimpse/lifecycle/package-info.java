/**
 * Starts the service: the main class, warm-up, the AOT training run and the startup report. Returns
 * memory to the system when a burst is over.
 */
@NullMarked
package dev.glimpse.lifecycle;

import org.jspecify.annotations.NullMarked;
