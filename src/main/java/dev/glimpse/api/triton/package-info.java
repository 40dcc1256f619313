/**
 * Belongs here: Triton's extensions of the V2 protocol for managing models: repository index, load
 * and unload, model configuration.
 *
 * <p>Does not: loading models; see {@link dev.glimpse.registry.ModelReloader}.
 */
@NullMarked
package dev.glimpse.api.triton;

import org.jspecify.annotations.NullMarked;
