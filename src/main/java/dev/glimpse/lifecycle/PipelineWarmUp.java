package dev.glimpse.lifecycle;

import dev.glimpse.Classifier;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.StartupTimeline;
import dev.glimpse.metrics.StartupTimeline.Step;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * Takes a picture of a daisy the whole way, once with every model, before the port opens. The
 * models are warm already; this is for the decoder, the workers, and the classes between them.
 * Where models run only once before, as in a native executable, there is nothing to be compiled,
 * and the first request had better not wait for it.
 */
@ApplicationScoped
class PipelineWarmUp {

  private static final Logger LOG = Logger.getLogger(PipelineWarmUp.class);

  private static final String PICTURE = "/warm-up.jpg";
  private static final int AFTER_THE_MODELS = Interceptor.Priority.APPLICATION + 1000;

  private final Classifier classifier;
  private final ModelRegistry models;
  private final WorkerPool workers;
  private final boolean wanted;

  PipelineWarmUp(
      Classifier classifier, ModelRegistry models, WorkerPool workers, GlimpseConfig config) {
    this.classifier = classifier;
    this.models = models;
    this.workers = workers;
    this.wanted = ModelLoader.warmUpRuns(config) > 1;
  }

  void start(@Observes @Priority(AFTER_THE_MODELS) StartupEvent event) throws IOException {
    if (!wanted) {
      return;
    }
    long started = System.nanoTime();
    byte[] picture = picture();
    for (String name : models.names()) {
      warmUp(name, picture);
    }
    StartupTimeline.took(Step.WARM_UP, System.nanoTime() - started);
  }

  /** With a lease, as the repository may be looked at already. */
  private void warmUp(String name, byte[] picture) {
    int version = models.require(Optional.of(name), Optional.empty()).version();
    try (ModelLease lease = models.lease(Optional.of(name), Optional.of(version), "warm-up")) {
      Model model = lease.model();
      if (model.vision().isEmpty()) {
        return;
      }
      ClassificationRequest request =
          new ClassificationRequest(
              picture,
              Optional.of(name),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              List.of());
      workers
          .submit(permit -> {
            classifier.warmUp(model, request);
            return model;
          })
          .join();
    } catch (CompletionException | ServingException e) {
      // The daisy may be larger than the settings allow; the first request is then a slow one.
      LOG.debugf(e, "%s is not warm", name);
    }
  }

  /** A daisy. */
  static byte[] picture() throws IOException {
    try (InputStream in = PipelineWarmUp.class.getResourceAsStream(PICTURE)) {
      return Objects.requireNonNull(in, PICTURE).readAllBytes();
    }
  }
}
