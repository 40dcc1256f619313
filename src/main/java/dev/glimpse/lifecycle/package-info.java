/** Starts the service: the main class, warm-up, the AOT training run and the startup report. */
@NullMarked
package dev.glimpse.lifecycle;

import org.jspecify.annotations.NullMarked;
