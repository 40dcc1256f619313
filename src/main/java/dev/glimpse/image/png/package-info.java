/**
 * Reads PNG in plain Java: chunks, filters, interlacing and every colour type.
 *
 * <p>Does not belong here: what other formats use too, such as palettes and transparency over
 * white, which lie in {@link dev.glimpse.image}.
 */
@NullMarked
package dev.glimpse.image.png;

import org.jspecify.annotations.NullMarked;
