/**
 * Reads WebP: the file's structure in Java, the pixels with libwebp.
 *
 * <p>Does not belong here: anything that other formats need, even if they call native code too:
 * native memory is {@link dev.glimpse.image.PixelMemory}.
 */
@NullMarked
package dev.glimpse.image.webp;

import org.jspecify.annotations.NullMarked;
