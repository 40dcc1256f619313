/**
 * Belongs here: the services that are called by gRPC: the Open Inference Protocol with Triton's
 * extensions, and the health of the service. Each method does what an endpoint of HTTP does.
 *
 * <p>Does not: framing and status; see {@link dev.glimpse.api.grpc}. What a tensor means is in
 * {@code openinference}.
 */
@NullMarked
package dev.glimpse.api.grpc.services;

import org.jspecify.annotations.NullMarked;
