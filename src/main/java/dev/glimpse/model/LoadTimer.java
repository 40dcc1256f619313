package dev.glimpse.model;

import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.StartupTimeline;
import dev.glimpse.metrics.StartupTimeline.Step;
import dev.glimpse.postprocess.Activation;
import org.jboss.logging.Logger;

/** Times the steps of one load and reports them to the log and the metrics. One thread only. */
final class LoadTimer {

  private static final Logger LOG = Logger.getLogger(ModelLoader.class);

  private final long started = System.nanoTime();
  private long read;
  private long opened;

  /** Ends the time for reading files. */
  void filesRead() {
    read = System.nanoTime();
  }

  /** Ends the time for opening the graph; what follows is the warm-up. */
  void graphOpened() {
    opened = System.nanoTime();
  }

  /**
   * Ends the warm-up and reports.
   *
   * @param kind which graph was opened: {@code exported} or {@code prepared}
   */
  void ready(Model model, String kind, ServingMetrics metrics) {
    long ready = System.nanoTime();
    StartupTimeline.took(Step.SESSION, opened - read);
    StartupTimeline.took(Step.WARM_UP, ready - opened);
    metrics.modelLoaded(model.name(), model.versionName(), ready - started);
    LOG.infof(
        "%s/%d is ready in %d ms (files %d, %s graph %d, warm-up %d): %s -> %s, %s",
        model.name(),
        model.version(),
        millis(started, ready),
        millis(started, read),
        kind,
        millis(read, opened),
        millis(opened, ready),
        model.input(),
        model.output(),
        model.classificationTask().map(LoadTimer::words).orElse("tensors only"));
  }

  private static String words(ClassificationTask task) {
    return "%s, %s, %d labels in %s"
        .formatted(
            task.preprocessor().format().channels(),
            task.activation() == Activation.NONE || task.activation() == Activation.TWO
                ? "probabilities"
                : "logits, " + task.activation(),
            task.labels().count(),
            task.labels().languages());
  }

  private static long millis(long from, long to) {
    return (to - from) / 1_000_000;
  }
}
