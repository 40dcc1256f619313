/**
 * Reads JPEG, with libjpeg-turbo or ImageIO: segments, EXIF orientation, four-colour images.
 *
 * <p>Does not belong here: what other formats use too, such as transparency over white, which lies
 * in {@link dev.glimpse.image}.
 */
@NullMarked
package dev.glimpse.image.jpeg;

import org.jspecify.annotations.NullMarked;
