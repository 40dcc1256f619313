/**
 * Holds the bytes that clients send, bodies and the image files in them: small ones on the heap,
 * large ones in native memory, which is lent again and again.
 *
 * <p>Does not belong here: how many bytes there may be, which the package memory decides.
 */
@NullMarked
package dev.glimpse.bytes;

import org.jspecify.annotations.NullMarked;
