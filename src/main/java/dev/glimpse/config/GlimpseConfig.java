package dev.glimpse.config;

import io.smallrye.config.ConfigMapping;
import java.util.Map;
import java.util.Optional;

/**
 * Lists every setting of the service. A value out of bounds, or a key that is not listed here,
 * stops the start. Facts about one model are in that model's folder, not here.
 */
@ConfigMapping(prefix = "glimpse")
public interface GlimpseConfig {

  /** Which models are served, and from where. */
  ModelsConfig models();

  /** Whether models may change while the service runs, and how. */
  RepositoryConfig repository();

  /** Which clients may change models while the service runs. */
  AdminConfig admin();

  /** Which clients may ask. */
  AuthConfig auth();

  /** How large an image may be, and how it is decoded. */
  ImageConfig image();

  /** What may be asked beyond classes. */
  ExplainConfig explain();

  /**
   * What scales images. All give the same tensors; without this setting the fastest that there is
   * here is used, which is the last of these. With {@code java} PNGs are decoded by Java, too. For
   * tests and measurements.
   */
  Optional<PixelCode> pixels();

  /** How many images are processed at a time. */
  WorkersConfig workers();

  /** How many requests may wait, and for how long. */
  QueueConfig queue();

  /** How much memory requests may take together. */
  MemoryConfig memory();

  /** What is asked of clients. */
  HttpConfig http();

  /** A port of its own for what operators read. */
  ManagementConfig management();

  /** Calls by gRPC. */
  GrpcConfig grpc();

  /** The page for browsers. */
  PageConfig page();

  /** Video that is classified as it comes. */
  LiveConfig live();

  /** How many images one request may hold. */
  BatchConfig batch();

  /**
   * Dynamic batching of images of different requests, by the model's name, for all its versions; a
   * model that is not named here runs each image alone. On a CPU that is best for nearly every
   * model, because a worker with a single image keeps its core busy and the image in its cache.
   */
  Map<String, BatchingConfig> batching();

  /** How long a request may take altogether. */
  DeadlineConfig deadline();

  /** Results that are cached for equal requests. */
  CacheConfig cache();

  /** The Redis that replicas share. */
  RedisConfig redis();

  /** Images that are fetched by their URLs. */
  UrlConfig url();

  /** How models are run. */
  EngineConfig engine();

  /** What is logged, and how. */
  LogConfig log();

  /** Where traces are exported. */
  OtlpConfig otlp();

  /** Where an event of each prediction goes. */
  EventsConfig events();

  /** Requests that are answered later. */
  ResultsConfig results();

  /** How the service shuts down. */
  DrainConfig drain();

  /** The addresses at which Vertex AI calls the service. */
  VertexConfig vertex();
}
