/**
 * Verifies who has signed a model, and that its files are those that were signed.
 *
 * <p>Belongs here: signatures in the format of <a
 * href="https://github.com/ossf/model-signing-spec">OpenSSF Model Signing</a>, the keys and
 * certificates that count, and the copy of the files that were verified. Does not belong here:
 * checksums without a signature (package {@code repository}), and callers' tokens (package {@code
 * access}).
 */
@NullMarked
package dev.glimpse.signing;

import org.jspecify.annotations.NullMarked;
