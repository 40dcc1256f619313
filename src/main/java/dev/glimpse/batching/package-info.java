/** Runs several images of one model in one pass of its graph, on the workers. */
@NullMarked
package dev.glimpse.batching;

import org.jspecify.annotations.NullMarked;
