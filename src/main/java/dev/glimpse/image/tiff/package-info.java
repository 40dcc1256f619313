/**
 * Reads the first page of a TIFF in plain Java: strips or tiles, in every compression and colour
 * space that is supported.
 *
 * <p>Does not belong here: further pages; and EXIF in other formats, which {@link
 * dev.glimpse.image.Orientation} reads.
 */
@NullMarked
package dev.glimpse.image.tiff;

import org.jspecify.annotations.NullMarked;
