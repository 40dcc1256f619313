/** Takes a request from its admission to its result, whatever the endpoint it came in by. */
@NullMarked
package dev.glimpse.pipeline;

import org.jspecify.annotations.NullMarked;
