/**
 * Computes checksums.
 *
 * <p>Belongs here: hash functions that several packages use. Does not belong here: what is hashed
 * and why.
 */
@NullMarked
package dev.glimpse.digest;

import org.jspecify.annotations.NullMarked;
