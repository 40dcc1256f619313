/**
 * Makes threads.
 *
 * <p>Does not belong here: what runs on them.
 */
@NullMarked
package dev.glimpse.threads;

import org.jspecify.annotations.NullMarked;
