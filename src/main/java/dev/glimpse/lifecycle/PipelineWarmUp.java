package dev.glimpse.lifecycle;

import dev.glimpse.Classifier;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.InterruptedStartException;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.StartupTimeline;
import dev.glimpse.metrics.StartupTimeline.Step;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.registry.ModelLease;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * Classifies an image with every model before the port opens, so that the decoder, the workers and
 * the classes between them are loaded and compiled; the models are warm already. It does nothing
 * where models are warmed up by one run only, as in a native executable: there is nothing to
 * compile there, and the start would only take longer.
 */
@ApplicationScoped
class PipelineWarmUp {

  private static final Logger LOG = Logger.getLogger(PipelineWarmUp.class);

  private static final String IMAGE = "/warm-up.jpg";
  private static final int AFTER_THE_MODELS = Interceptor.Priority.APPLICATION + 1000;

  private final Classifier classifier;
  private final ModelRegistry models;
  private final WorkerPool workers;
  private final boolean enabled;

  PipelineWarmUp(
      Classifier classifier, ModelRegistry models, WorkerPool workers, GlimpseConfig config) {
    this.classifier = classifier;
    this.models = models;
    this.workers = workers;
    this.enabled = ModelLoader.warmUpRuns(config) > 1;
  }

  void start(@Observes @Priority(AFTER_THE_MODELS) StartupEvent event) throws IOException {
    if (!enabled) {
      return;
    }
    long started = System.nanoTime();
    byte[] image = image();
    for (String name : models.names()) {
      InterruptedStartException.check();
      warmUp(name, image);
    }
    StartupTimeline.took(Step.WARM_UP, System.nanoTime() - started);
  }

  /** Leases the model, because the repository may be polled already. */
  private void warmUp(String name, byte[] image) {
    int version = models.require(Optional.of(name), Optional.empty()).version();
    try (ModelLease lease = models.lease(Optional.of(name), Optional.of(version), "warm-up")) {
      Model model = lease.model();
      if (model.classificationTask().isEmpty()) {
        return;
      }
      ClassificationRequest request =
          new ClassificationRequest(
              Bytes.of(image), Optional.of(name), Optional.empty(), ClassificationOptions.NONE);
      workers
          .submit(permit -> {
            classifier.warmUp(model, request);
            return model;
          })
          .join();
    } catch (CompletionException | ServingException e) {
      // The image may exceed a limit of the settings; then the first request is slower.
      LOG.debugf(e, "Could not warm up %s", name);
    }
  }

  /** Returns a JPEG file of a daisy. */
  static byte[] image() throws IOException {
    try (InputStream in = PipelineWarmUp.class.getResourceAsStream(IMAGE)) {
      return Objects.requireNonNull(in, IMAGE).readAllBytes();
    }
  }
}
