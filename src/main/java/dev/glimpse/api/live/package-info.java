/**
 * Belongs here: {@code GET /predict/live}, a WebSocket whose frames are classified as they come.
 *
 * <p>Does not: how one image is classified; each frame is a request like any other.
 */
@NullMarked
package dev.glimpse.api.live;

import org.jspecify.annotations.NullMarked;
