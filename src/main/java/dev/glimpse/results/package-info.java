/**
 * Keeps jobs, which are requests that are answered later, and works on them behind the requests
 * that wait for their responses.
 *
 * <p>Belongs here: where jobs and their results are kept, for how long, and in which order they are
 * worked on. Does not belong here: HTTP, and how an image is classified.
 */
@NullMarked
package dev.glimpse.results;

import org.jspecify.annotations.NullMarked;
