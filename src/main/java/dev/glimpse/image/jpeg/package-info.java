/**
 * Reads JPEG, with libjpeg-turbo if it is installed and otherwise with ImageIO.
 *
 * <p>Does not belong here: anything that other formats need; EXIF, which is not JPEG's own, is read
 * by {@link dev.glimpse.image.Orientation}. No other package imports AWT and ImageIO.
 */
@NullMarked
package dev.glimpse.image.jpeg;

import org.jspecify.annotations.NullMarked;
