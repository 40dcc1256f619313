/**
 * Decodes HEIC and AVIF with the system's libheif: {@link dev.glimpse.image.heif.HeifCodec}. The
 * container is read in Java, and libheif gets one coded image at a time, in a file that is written
 * here: what a hostile file says reaches no C code but the video decoder, and that only when it is
 * one intra picture of the size that was checked.
 *
 * <p>Does not belong here: anything about other formats.
 */
@NullMarked
package dev.glimpse.image.heif;

import org.jspecify.annotations.NullMarked;
