/**
 * Belongs here: telling the platform whether we have started, are ready, are alive.
 *
 * <p>Does not: repairing what is not.
 */
@NullMarked
package dev.glimpse.health;

import org.jspecify.annotations.NullMarked;
