/**
 * Belongs here: bringing a model's files over the network into the repository, whole or not at all.
 *
 * <p>Does not: what is printed while that goes on, and anything of the server.
 */
@NullMarked
package dev.glimpse.pull;

import org.jspecify.annotations.NullMarked;
