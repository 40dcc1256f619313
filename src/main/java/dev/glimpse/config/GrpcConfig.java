package dev.glimpse.config;

import io.smallrye.config.WithDefault;

/** Calls by gRPC, on the port of HTTP. */
public interface GrpcConfig {

  /**
   * Whether clients can ask by gRPC's server reflection which services and messages there are, so
   * that grpcurl and its like need no files. It tells nothing of the models, and needs a key as
   * they do.
   */
  @WithDefault("false")
  boolean reflection();
}
