package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.folder.FileInference;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Loads models and runs them on files as the service does, without starting it. */
final class StandaloneLoader implements AutoCloseable {

  private final OnnxRuntimeEngine engine;
  private final WorkerPool workers; // dynamic batching needs them
  private final ModelLoader loader;
  private final GlimpseConfig config;

  StandaloneLoader(GlimpseConfig config) {
    this.config = config;
    this.engine = new OnnxRuntimeEngine(config);
    this.workers = new WorkerPool(config);
    this.loader =
        new ModelLoader(engine, workers, new ServingMetrics(new SimpleMeterRegistry()), config);
  }

  OnnxRuntimeEngine engine() {
    return engine;
  }

  ModelLoader loader() {
    return loader;
  }

  /** Returns what runs a model on image files, within the limits of {@code glimpse.image}. */
  FileInference inference(Model model) {
    return inference(model, new ImageDecoder(config, ImageCodecs.all()));
  }

  /** Returns what runs a model on image files that this decodes. */
  FileInference inference(Model model, ImageDecoder decoder) {
    return new FileInference(
        model, new ImageInference(decoder), config.image().maxBytes().asLongValue());
  }

  @Override
  public void close() {
    workers.close();
  }
}
