/**
 * Reads BMP files of Windows and OS/2 in plain Java.
 *
 * <p>Does not belong here: palettes and transparency over white, which other formats use too and
 * which lie in {@link dev.glimpse.image}.
 */
@NullMarked
package dev.glimpse.image.bmp;

import org.jspecify.annotations.NullMarked;
