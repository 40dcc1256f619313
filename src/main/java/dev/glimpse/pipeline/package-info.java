/** Takes a request of any endpoint from its admission to its result. */
@NullMarked
package dev.glimpse.pipeline;

import org.jspecify.annotations.NullMarked;
