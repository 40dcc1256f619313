package dev.glimpse.model;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.OutputChoice;
import dev.glimpse.engine.Session;
import java.nio.file.Path;

/** Counts the exported graphs that are opened. */
final class CountingEngine extends OnnxRuntimeEngine {

  private int opened;

  CountingEngine(GlimpseConfig config) {
    super(config);
  }

  int opened() {
    return opened;
  }

  @Override
  public Session load(Path file, OutputChoice choice) {
    opened++;
    return super.load(file, choice);
  }

  @Override
  public Session loadWithVectors(Path file, String vector, OutputChoice choice) {
    opened++;
    return super.loadWithVectors(file, vector, choice);
  }
}
