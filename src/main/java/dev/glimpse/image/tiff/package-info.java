/**
 * Reads TIFF in plain Java: directories, strips and tiles, compressions and colour types.
 *
 * <p>Does not belong here: what other formats use too, such as transparency over white, which lies
 * in {@link dev.glimpse.image}.
 */
@NullMarked
package dev.glimpse.image.tiff;

import org.jspecify.annotations.NullMarked;
