/**
 * Turns an image file into pixels: what all formats share, from {@link
 * dev.glimpse.image.ImageCodec} and the limits to {@link dev.glimpse.image.Pixels} in memory.
 *
 * <p>Does not belong here: anything about a single format, which has a package of its own below
 * this one and is never imported here; and the sizes and value ranges that a model needs.
 */
@NullMarked
package dev.glimpse.image;

import org.jspecify.annotations.NullMarked;
