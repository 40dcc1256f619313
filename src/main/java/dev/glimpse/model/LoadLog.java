package dev.glimpse.model;

import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.StartupTimeline;
import dev.glimpse.metrics.StartupTimeline.Step;
import dev.glimpse.postprocess.Activation;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * Times the steps of one load and collects what there is to log about it. Nothing is logged before
 * {@link #write}, as a model may be loaded before logging is configured, for a service whose start
 * then fails with one line. One thread at a time.
 */
final class LoadLog {

  private static final Logger LOG = Logger.getLogger(LoadLog.class);

  private final List<Line> lines = new ArrayList<>();
  private long started = System.nanoTime();
  private long read;
  private long opened;
  private long ready;

  private record Line(Level level, String text) {}

  /** Adds a line of level INFO. */
  void info(String text) {
    lines.add(new Line(Level.INFO, text));
  }

  /** Adds a line of level WARN. */
  void warn(String text) {
    lines.add(new Line(Level.WARN, text));
  }

  /** Restarts the times for another graph; the lines stay. */
  void restart() {
    started = System.nanoTime();
  }

  /** Ends the time for reading files. */
  void filesRead() {
    read = System.nanoTime();
  }

  /** Ends the time for opening the graph; what follows is the warm-up. */
  void graphOpened() {
    opened = System.nanoTime();
  }

  /**
   * Ends the warm-up.
   *
   * @param kind which graph was opened: {@code exported} or {@code prepared}
   */
  void ready(Model model, String kind) {
    ready = System.nanoTime();
    info(
        "%s/%s is ready in %s ms (files %s, %s graph %s, warm-up %s): %s -> %s, %s"
            .formatted(
                model.name(),
                model.version(),
                millis(started, ready),
                millis(started, read),
                kind,
                millis(read, opened),
                millis(opened, ready),
                model.describeInputs(),
                model.describeOutputs(),
                model.classificationTask().map(LoadLog::words).orElse("tensors only")));
  }

  /** Writes the lines to the log. */
  void write() {
    lines.forEach(line -> LOG.log(line.level(), line.text()));
    lines.clear();
  }

  /** Writes the lines to the log and the times of a model that is ready to the metrics. */
  void write(Model model, ServingMetrics metrics) {
    StartupTimeline.took(Step.SESSION, opened - read);
    StartupTimeline.took(Step.WARM_UP, ready - opened);
    metrics.modelLoaded(model.name(), model.versionName(), ready - started);
    write();
  }

  private static String words(ClassificationTask task) {
    return "%s, %s, %s labels in %s"
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
