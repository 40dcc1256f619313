package dev.glimpse.results;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.ResultsConfig;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ResultMetrics;
import dev.glimpse.redis.RedisClient;
import dev.glimpse.remote.Callbacks;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Accepts jobs, which are requests that are answered later, and returns their results. Does
 * nothing, and has no thread, unless {@code glimpse.results.enabled} is set. Any thread may call
 * it; it does not block.
 */
@ApplicationScoped
public class Results {

  /** The query parameter with an address to send the result to. */
  public static final String CALLBACK = "callback";

  /** The part of the heap that the bodies of jobs may take that are being worked on. */
  private static final int BODIES_SHARE = 16;

  /** Before the models are closed. */
  private static final int FIRST = 1;

  /** When models can be asked. */
  private static final int AFTER_THE_MODELS = Interceptor.Priority.APPLICATION + 1500;

  private final ResultsConfig config;
  private final JobWork work;
  private final WorkerPool workers;
  private final MeterRegistry meters;
  private final Callbacks callbacks;
  private final RedisClient redis;
  private final GlimpseConfig settings;
  private final String source;
  private volatile boolean draining;
  private volatile @Nullable JobQueue queue;

  @Inject
  public Results(
      GlimpseConfig config,
      JobWork work,
      WorkerPool workers,
      MeterRegistry meters,
      Callbacks callbacks,
      RedisClient redis) {
    this.settings = config;
    this.redis = redis;
    this.callbacks = callbacks;
    this.source = config.events().source();
    this.config = config.results();
    this.work = work;
    this.workers = workers;
    this.meters = meters;
  }

  /**
   * Begins to work on the jobs that an earlier process has left.
   *
   * @throws io.quarkus.runtime.configuration.ConfigurationException if the settings are wrong
   */
  void start(@Observes @Priority(AFTER_THE_MODELS) StartupEvent event) {
    if (config.enabled()) {
      JobQueue opened =
          open(Stores.of(settings, redis), ResultsThread.start(), new ResultMetrics(meters));
      opened.start();
      queue = opened;
    }
  }

  private JobQueue open(JobStore store, ResultsThread thread, ResultMetrics metrics) {
    return new JobQueue(
        store,
        work,
        workers::hasSpareWorker,
        new JobRunner.Limits(
            config.workers().orElse((workers.workers() + 1) / 2),
            Runtime.getRuntime().maxMemory() / BODIES_SHARE,
            ResultSize.most(config.maxBytes().asLongValue())),
        thread,
        metrics,
        config
            .callback()
            .secret()
            .map(secret ->
                new ResultSender(
                    store,
                    new ResultEvent(source, secret),
                    callbacks::post,
                    thread,
                    ResultsThread.start(),
                    System::currentTimeMillis,
                    metrics)));
  }

  /**
   * Checks the address of a callback, without using the network.
   *
   * @throws dev.glimpse.failure.ServingException INVALID_PARAMETER if none may be sent, or not
   *     there
   */
  public void checkCallback(String url) {
    if (config.callback().secret().isEmpty()) {
      throw ServingException.invalid(
          CALLBACK,
          "is not accepted, because sending results is switched off"
              + " (glimpse.results.callback.secret)");
    }
    callbacks.check(CALLBACK, url);
  }

  /** Returns whether requests are accepted to be answered later, and can be until the end. */
  public boolean accepts() {
    JobQueue open = queue;
    return open != null && (!draining || open.isDurable());
  }

  /** Returns a new job's id. */
  public String newId() {
    return JobIds.next();
  }

  /**
   * Accepts a job. It is kept before the result is completed.
   *
   * @return fails with a {@link dev.glimpse.failure.ServingException} OVERLOADED if there is no
   *     room
   */
  public CompletionStage<JobState> add(Job job, byte[] body) {
    return open().add(job, body);
  }

  /**
   * Finds a job.
   *
   * @param allowed whether the caller may know of it
   * @return empty if it is not known, not any more, or not to the caller
   */
  public CompletionStage<Optional<JobState>> find(String id, Predicate<Job> allowed) {
    return open().find(id, allowed);
  }

  /**
   * Stops to work on a job, and forgets it and its result.
   *
   * @return false where {@link #find} finds nothing
   */
  public CompletionStage<Boolean> delete(String id, Predicate<Job> allowed) {
    return open().delete(id, allowed);
  }

  private JobQueue open() {
    JobQueue open = queue;
    if (open == null) {
      throw new IllegalStateException("glimpse.results.enabled is not set");
    }
    return open;
  }

  /** Returns whether {@code glimpse.results.enabled} is set, and the service has started. */
  public boolean isOn() {
    return queue != null;
  }

  /** Leaves the workers to requests, if a later process can go on with the jobs. */
  void drain(@Observes @Priority(FIRST) ShutdownDelayInitiatedEvent event) {
    draining = true;
    JobQueue open = queue;
    if (open != null && open.isDurable()) {
      open.stop();
    }
  }

  /** Finishes the images that are being worked on, for a bounded time. */
  void stop(@Observes @Priority(FIRST) ShutdownEvent event) {
    JobQueue open = queue;
    if (open != null) {
      open.close();
    }
  }
}
