/**
 * Belongs here: turning bytes into pixels: format by first bytes, header and limits before work,
 * orientation.
 *
 * <p>Does not: the sizes and scales that a model wants. Only this room imports AWT and ImageIO.
 */
@NullMarked
package dev.glimpse.image;

import org.jspecify.annotations.NullMarked;
