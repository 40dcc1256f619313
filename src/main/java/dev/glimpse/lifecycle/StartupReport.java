package dev.glimpse.lifecycle;

import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.InterruptedStartException;
import dev.glimpse.metrics.BuildInfo;
import dev.glimpse.metrics.InstanceMetrics;
import dev.glimpse.metrics.StartupTimeline;
import dev.glimpse.metrics.StartupTimeline.Step;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Logs and records, once the port is open, where the time of the start went, and returns the memory
 * that only the start needed to the system.
 */
@ApplicationScoped
class StartupReport {

  private static final Logger LOG = Logger.getLogger(StartupReport.class);

  private static final int BEFORE_ALL = Interceptor.Priority.PLATFORM_BEFORE;
  private static final int AFTER_ALL = Interceptor.Priority.PLATFORM_AFTER + 1000;

  /** The first requests have come and gone. */
  private static final Duration LATER = Duration.ofSeconds(1);

  private final InstanceMetrics metrics;
  private volatile long warm;

  StartupReport(InstanceMetrics metrics) {
    this.metrics = metrics;
  }

  void starting(@Observes @Priority(BEFORE_ALL) StartupEvent event) {
    StartupTimeline.reached(Step.FRAMEWORK);
  }

  void warm(@Observes @Priority(AFTER_ALL) StartupEvent event) {
    InterruptedStartException.check(); // rather than open the port
    warm = System.nanoTime();
  }

  void listening(@ObservesAsync HttpServerStart event) {
    StartupTimeline.took(Step.LISTENING, System.nanoTime() - warm);
    StartupTimeline.open();
    metrics.built(BuildInfo.read());
    metrics.started(StartupTimeline.steps());
    LOG.infof("Started in %s ms: %s", StartupTimeline.total().orElse(-1), StartupTimeline.words());
    OnnxRuntimeEngine.trim(); // the start is over, so it delays no request
    CompletableFuture.delayedExecutor(LATER.toMillis(), TimeUnit.MILLISECONDS)
        .execute(OnnxRuntimeEngine::clearLeftovers);
  }
}
