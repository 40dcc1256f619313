package dev.glimpse.results;

import dev.glimpse.metrics.ResultMetrics;
import dev.glimpse.metrics.ResultMetrics.Sent;
import dev.glimpse.results.JobStore.Due;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends results to the addresses that their jobs name, until each is acknowledged by a status from
 * 200 to 299, or rejected by another one that would be repeated, or its time to live has passed.
 * Confined to the {@link ResultsThread}.
 */
final class ResultSender {

  private static final Logger LOG = Logger.getLogger(ResultSender.class);

  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  static final Duration LAST_PAUSE = Duration.ofMinutes(5);

  /**
   * At a time. A receiver gets at most half of those that others leave, so that slow ones do not
   * hold up the results of others: 8, 4, 2, 1 and 1 of five.
   */
  static final int MOST = 16;

  /** More receivers are not remembered. */
  private static final int MOST_FAILING = 10_000;

  /** Later the response may be another one; so it may be with every status from 500 on. */
  private static final Set<Integer> LATER = Set.of(408, 425, 429);

  /** Posts a body to an address. */
  @FunctionalInterface
  interface Post {

    /** Returns the status of the response; fails if none comes in time. */
    CompletionStage<Integer> post(String url, Map<String, String> headers, byte[] body);
  }

  private final JobStore store;
  private final SentNotes notes;
  private final ResultEvent event;
  private final Post post;
  private final ResultsThread thread;
  private final Executor noting;
  private final LongSupplier clock;
  private final ResultMetrics metrics;

  /** How many results are being sent to each receiver. */
  private final Map<String, Integer> sending = new HashMap<>();

  /** Receivers that have not accepted the last result: they get one at a time. */
  private final Set<String> failing = new HashSet<>();

  private int inFlight;
  private boolean stopped;

  /**
   * Creates a sender that waits for {@link #run}.
   *
   * @param noting runs what keeps that a result was sent, without waiting for the thread
   * @param clock in milliseconds since 1970
   */
  ResultSender(
      JobStore store,
      ResultEvent event,
      Post post,
      ResultsThread thread,
      Executor noting,
      LongSupplier clock,
      ResultMetrics metrics) {
    this.store = store;
    this.notes = new SentNotes(store);
    this.event = event;
    this.post = post;
    this.thread = thread;
    this.noting = noting;
    this.clock = clock;
    this.metrics = metrics;
    metrics.watchSent();
  }

  /** Sends what is due, as far as it may be sent now. */
  void run() {
    notes.retry();
    while (!stopped && inFlight < MOST) {
      Optional<Due> due = store.takeDue(busy());
      if (due.isEmpty()) {
        return;
      }
      if (!notes.has(due.get().job())) {
        send(due.get());
      }
    }
  }

  private Set<String> busy() {
    Set<String> busy = new HashSet<>();
    sending.forEach((receiver, count) -> {
      if (count >= (failing.contains(receiver) ? 1 : most(count))) {
        busy.add(receiver);
      }
    });
    return busy;
  }

  /** Returns how many a receiver may get at a time: half of what others leave, but at least one. */
  private int most(int count) {
    return Math.max(1, (MOST - (inFlight - count)) / 2);
  }

  private void send(Due due) {
    Job job = due.job();
    inFlight++;
    sending.merge(job.receiver(), 1, Integer::sum);
    CompletionStage<Integer> status;
    try {
      byte[] body = event.body(job, due.answer());
      Map<String, String> headers = event.headers(job, body, clock.getAsLong() / 1000);
      status = post.post(job.callback().orElseThrow(), headers, body);
    } catch (RuntimeException | Error e) { // such as for lack of memory
      status = CompletableFuture.failedStage(e);
    }
    var unused =
        status.whenCompleteAsync(
            (number, failure) -> {
              if (isFinal(number)) { // before anything else is done
                notes.add(job);
              }
              thread.execute(() -> ended(due, number, failure));
            },
            noting);
  }

  private static boolean isFinal(@Nullable Integer status) {
    return status != null && status < 500 && !LATER.contains(status);
  }

  private void ended(Due due, @Nullable Integer status, @Nullable Throwable failure) {
    inFlight--;
    String receiver = due.job().receiver();
    sending.computeIfPresent(receiver, (host, count) -> count == 1 ? null : count - 1);
    note(receiver, status != null && isFinal(status));
    try {
      settle(due, status, failure);
    } catch (RuntimeException e) {
      LOG.warnf("It cannot be kept when a result is sent again: %s", e.getMessage());
    }
    run();
  }

  private void note(String receiver, boolean accepts) {
    if (accepts) {
      failing.remove(receiver);
    } else if (failing.size() < MOST_FAILING) {
      failing.add(receiver);
    }
  }

  private void settle(Due due, @Nullable Integer status, @Nullable Throwable failure) {
    if (status == null || !isFinal(status)) {
      LOG.debugf(failure, "A result was not accepted (status %s), and is sent again", status);
      metrics.sent(Sent.FAILED);
      store.sendLater(due.job().id(), pause(due.attempts()));
    } else if (status / 100 == 2) {
      metrics.sent(Sent.ACKNOWLEDGED);
    } else {
      LOG.warnf(
          "The result of the request with id %s was rejected with status %d; it is not sent again.",
          due.job().requestId(), status);
      metrics.sent(Sent.REJECTED);
    }
  }

  /** Returns a pause, about twice as long each time, so that results do not come all at once. */
  private static Duration pause(int attempts) {
    long longest = LAST_PAUSE.toMillis();
    long millis = Math.min(FIRST_PAUSE.toMillis() << Math.min(attempts, 20), longest);
    return Duration.ofMillis((long) (millis * ThreadLocalRandom.current().nextDouble(0.75, 1.25)));
  }

  /** Sends nothing more. */
  void stop() {
    stopped = true;
  }

  /** Returns how many results are being sent. */
  int inFlight() {
    return inFlight;
  }
}
