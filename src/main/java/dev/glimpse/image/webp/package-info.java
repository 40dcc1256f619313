/**
 * Reads WebP with libwebp: chunks, transparency, the first frame of an animation.
 *
 * <p>Does not belong here: what other formats use too, such as transparency over white, which lies
 * in {@link dev.glimpse.image}.
 */
@NullMarked
package dev.glimpse.image.webp;

import org.jspecify.annotations.NullMarked;
