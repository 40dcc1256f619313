/**
 * Belongs here: what every endpoint needs of HTTP: request ids and deadlines, bodies bounded in
 * size and time, graceful shutdown, the OpenAPI document.
 *
 * <p>Does not: endpoints, nor the format of error responses.
 */
@NullMarked
package dev.glimpse.api.http;

import org.jspecify.annotations.NullMarked;
