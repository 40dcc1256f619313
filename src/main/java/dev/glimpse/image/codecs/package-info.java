/**
 * Lists the codecs of all image formats, so that neither the formats nor {@link dev.glimpse.image}
 * have to know each other.
 *
 * <p>Does not belong here: anything about a single format.
 */
@NullMarked
package dev.glimpse.image.codecs;

import org.jspecify.annotations.NullMarked;
