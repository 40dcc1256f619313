/**
 * Tells what is in a picture. Start at {@link dev.glimpse.Classifier}; each room below is one step
 * of its way, or a door to it.
 */
@NullMarked
package dev.glimpse;

import org.jspecify.annotations.NullMarked;
