/**
 * Belongs here: what bounds the connections that clients open: their number, their time without
 * progress, the bytes that they leave unread, and requests that are not valid HTTP.
 *
 * <p>Does not: anything about a request that has been read; {@code api.http} and the endpoints do
 * that.
 */
@NullMarked
package dev.glimpse.api.connections;

import org.jspecify.annotations.NullMarked;
