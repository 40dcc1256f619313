package dev.glimpse.events;

import dev.glimpse.config.EventsConfig;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.EventMetrics;
import dev.glimpse.metrics.EventMetrics.Reason;
import dev.glimpse.pipeline.Prediction;
import dev.glimpse.threads.DaemonThreads;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Makes events of predictions, and sends them in the background until it is closed. */
final class EventWriter implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger("dev.glimpse.events");

  /** So that the end stays within the 27 seconds of deploy/README.md, spans included. */
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

  private static final Duration SHORTEST_CLOSE = Duration.ofSeconds(1);

  /** How long the thread may take to end when it is interrupted. */
  private static final Duration INTERRUPTED = Duration.ofMillis(200);

  private final List<EventType> types;
  private final double sample;
  private final EventQueue queue;
  private final EventMetrics metrics;
  private final Duration longestClose;
  private final Thread thread;

  /** Makes ids of events, together with a number that counts them. */
  private final String instance = UUID.randomUUID().toString();

  private final AtomicLong number = new AtomicLong();

  private EventWriter(GlimpseConfig config, EventMetrics metrics, Sink sink) {
    EventsConfig settings = config.events();
    this.types =
        settings.type() == EventsConfig.Type.KSERVE
            ? List.of(EventType.REQUEST, EventType.RESPONSE)
            : List.of(EventType.PREDICTION);
    this.sample = settings.sample();
    this.metrics = metrics;
    this.longestClose = longestClose(config.drain().max());
    this.queue =
        new EventQueue(settings.queue().maxEvents(), settings.queue().maxBytes().asLongValue());
    metrics.watch(queue::size);
    Delivery delivery =
        new Delivery(
            queue,
            sink,
            new EventAttributes(settings),
            metrics,
            settings.retry(),
            System::nanoTime);
    this.thread = DaemonThreads.create("events", delivery);
  }

  private static Duration longestClose(Duration drain) {
    if (drain.compareTo(SHORTEST_CLOSE) < 0) {
      return SHORTEST_CLOSE;
    }
    return drain.compareTo(LONGEST_CLOSE) < 0 ? drain : LONGEST_CLOSE;
  }

  /**
   * Starts a writer.
   *
   * @throws io.quarkus.runtime.configuration.ConfigurationException if the settings are wrong
   */
  static EventWriter start(GlimpseConfig config, MeterRegistry meters) {
    Sink sink = Sinks.of(config.events().target().orElseThrow(), config.events());
    EventWriter writer = new EventWriter(config, new EventMetrics(meters), sink);
    writer.thread.start();
    LOG.infof("Events of predictions go to %s.", sink.name());
    return writer;
  }

  /** Adds a prediction's events to the queue, or drops them, if it is in the sample. */
  void add(Prediction prediction) {
    if (sample < 1 && ThreadLocalRandom.current().nextDouble() >= sample) {
      return;
    }
    String id = instance + "-" + number.incrementAndGet();
    Instant time = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    LoggedPrediction logged = LoggedPrediction.of(id, time, prediction);
    for (EventType type : types) {
      if (!queue.add(new QueuedEvent(type, logged, System.nanoTime()))) {
        metrics.dropped(Reason.QUEUE_FULL, 1);
      }
    }
  }

  /** Sends what is queued, for a bounded time, and drops the rest. */
  @Override
  public void close() {
    queue.close();
    try {
      thread.join(longestClose.toMillis());
      thread.interrupt();
      thread.join(INTERRUPTED.toMillis());
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    int left = queue.size();
    if (left > 0) {
      metrics.dropped(Reason.SHUTDOWN, left);
      LOG.warnf("%d events of predictions were not sent before the end.", left);
    }
  }
}
