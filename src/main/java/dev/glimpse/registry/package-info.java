/**
 * Holds which models and versions are in service, and changes that while requests run.
 *
 * <p>Belongs here: loading at start, reloading, polling the repository, splitting traffic among
 * versions, and the leases that keep a model open while a request uses it. Does not belong here:
 * what a model is (package {@code model}), and anything about HTTP.
 */
@NullMarked
package dev.glimpse.registry;

import org.jspecify.annotations.NullMarked;
