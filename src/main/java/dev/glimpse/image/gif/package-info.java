/**
 * Reads the first frame of a GIF in plain Java.
 *
 * <p>Does not belong here: later frames, which no classifier sees; and palettes, which {@link
 * dev.glimpse.image.Palette} holds for every format.
 */
@NullMarked
package dev.glimpse.image.gif;

import org.jspecify.annotations.NullMarked;
