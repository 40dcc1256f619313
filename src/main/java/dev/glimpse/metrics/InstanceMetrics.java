package dev.glimpse.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Shows the state of this instance: its workers and their queue, its memory, its program and its
 * start. Any thread may call it.
 */
@ApplicationScoped
public class InstanceMetrics {

  private final MeterRegistry registry;

  public InstanceMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Registers gauges of the requests that run and wait, and of the workers. */
  public void watchWorkers(
      IntSupplier running, IntSupplier waiting, IntSupplier taken, IntSupplier stuck) {
    gauge("glimpse.requests.in.flight", "Requests that a worker is running", running);
    gauge("glimpse.queue.depth", "Requests that wait for a worker", waiting);
    gauge(
        "glimpse.permits.taken",
        "Requests that hold a slot: running, waiting, or still sending their body",
        taken);
    gauge("glimpse.workers.stuck", "Workers that have run one task for too long", stuck);
  }

  /** Registers a gauge that is 1 while the service is ready for requests. */
  public void watchReady(BooleanSupplier ready) {
    gauge(
        "glimpse.ready",
        "1 while the models are loaded and the service is not stopping, otherwise 0",
        () -> ready.getAsBoolean() ? 1 : 0);
  }

  /** Registers a gauge of the versions in the repository that cannot be served. */
  public void watchUnservable(IntSupplier unservable) {
    gauge(
        "glimpse.models.unservable",
        "Versions in the model repository that cannot be loaded",
        unservable);
  }

  /**
   * Registers gauges of the native memory that is held besides ONNX Runtime's own.
   *
   * @param kept for image files and decoded images, and free
   * @param lent for image files and decoded images, and in use
   * @param inputs of models' input tensors; the JVM counts these among its direct buffers too
   */
  public void watchMemory(LongSupplier kept, LongSupplier lent, LongSupplier inputs) {
    bytes(
        "glimpse.image.memory.kept",
        "Native memory kept for the next image files and images",
        kept);
    bytes("glimpse.image.memory.lent", "Native memory that holds image files and images now", lent);
    bytes("glimpse.engine.inputs", "Direct memory of the models' input tensors", inputs);
  }

  /**
   * Registers meters of a budget of memory.
   *
   * @param budget its name
   */
  public void watchBudget(
      String budget, LongSupplier capacity, LongSupplier used, LongSupplier refused) {
    Gauge.builder("glimpse.memory.capacity", capacity::getAsLong)
        .description("Memory that requests may take together")
        .tag("budget", budget)
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("glimpse.memory.used", used::getAsLong)
        .description("Memory that requests have taken")
        .tag("budget", budget)
        .baseUnit("bytes")
        .register(registry);
    FunctionCounter.builder("glimpse.memory.refused", refused, LongSupplier::getAsLong)
        .description("Memory that requests did not get")
        .tag("budget", budget)
        .baseUnit("bytes")
        .register(registry);
  }

  /** Shows which program runs, as a gauge that is always 1. */
  public void built(BuildInfo build) {
    Gauge.Builder<?> info =
        Gauge.builder("glimpse.build.info", () -> 1)
            .description("The program that runs")
            .tag("version", build.version())
            .tag("runtime", build.runtime());
    if (!build.commit().isEmpty()) {
      info.tag("commit", build.commit());
    }
    info.register(registry);
  }

  /** Shows where the time of the start went; see {@link StartupTimeline}. */
  public void started(Map<StartupTimeline.Step, Long> steps) {
    steps.forEach((step, nanos) ->
        Gauge.builder("glimpse.start.seconds", () -> nanos / 1e9)
            .description("Time of each step between the process's start and its first response")
            .tag("step", step.tag())
            .register(registry));
  }

  private void gauge(String name, String description, IntSupplier value) {
    Gauge.builder(name, value::getAsInt).description(description).register(registry);
  }

  private void bytes(String name, String description, LongSupplier value) {
    Gauge.builder(name, value::getAsLong)
        .description(description)
        .baseUnit("bytes")
        .register(registry);
  }
}
