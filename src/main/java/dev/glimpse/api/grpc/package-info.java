/**
 * Belongs here: gRPC as a protocol: its framing, its status, its responses, and messages in
 * protobuf.
 *
 * <p>Does not: services; see {@code api.grpc.services}.
 */
@NullMarked
package dev.glimpse.api.grpc;

import org.jspecify.annotations.NullMarked;
