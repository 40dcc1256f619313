/**
 * Downloads a model's files into the repository, completely or not at all.
 *
 * <p>Does not belong here: what the command prints meanwhile, and everything about serving.
 */
@NullMarked
package dev.glimpse.pull;

import org.jspecify.annotations.NullMarked;
