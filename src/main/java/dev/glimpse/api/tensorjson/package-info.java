/**
 * Belongs here: reading and writing tensors as JSON, for all protocols that send them so.
 *
 * <p>Does not: the request and response objects of a protocol.
 */
@NullMarked
package dev.glimpse.api.tensorjson;

import org.jspecify.annotations.NullMarked;
