/**
 * Belongs here: turning pixels into the input tensor: resize, crop, scale, normalise, lay out.
 *
 * <p>Does not: image formats.
 */
@NullMarked
package dev.glimpse.preprocess;

import org.jspecify.annotations.NullMarked;
