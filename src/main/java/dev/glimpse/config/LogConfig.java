package dev.glimpse.config;

import io.smallrye.config.WithDefault;

/** What is logged, and how. */
public interface LogConfig {

  /** Which requests are logged. */
  enum Requests {
    NONE,
    /** Those with a status from 400 on, and those whose client disconnected. */
    FAILURES,
    ALL
  }

  /**
   * Which requests get a line in the log, with status, code of the failure, model, milliseconds,
   * bytes of the body and id. At most ten lines are written a second, and the others counted.
   */
  @WithDefault("failures")
  Requests requests();

  /** How lines are written. */
  enum Format {
    TEXT,
    /** A JSON object a line. */
    JSON,
    /** The same, with the names of the Elastic Common Schema. */
    ECS
  }

  /**
   * How lines of the log are written; see {@link LogFormatSource}, which sets Quarkus' own settings
   * by it.
   */
  @WithDefault("text")
  Format format();
}
