package dev.glimpse.api.connections;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows the connections that wait for their clients, and since when: the one that has waited the
 * longest is found without looking at the others. Thread-safe.
 *
 * @param <C> identifies a connection
 */
final class WaitingConnections<C> {

  /** What a client has to do next. */
  enum Reason {
    NEXT_REQUEST(Duration.ZERO),
    REST_OF_REQUEST(Duration.ofMillis(250)),
    READ_RESPONSE(Duration.ofSeconds(1));

    private final long patience;

    /** Names a reason, and how long a client is given time. */
    Reason(Duration patience) {
      this.patience = patience.toNanos();
    }
  }

  /** How much time clients are given before one of their connections is taken. */
  enum Patience {
    /** None. */
    NONE,
    /** As much as the reason gives. */
    USUAL,
    /** Takes connections without a request at once, and never those with one. */
    IDLE,
    /** Enough for a client that has just connected, or just had a response, to go on. */
    LONG,
    /** As much for connections without a request; never takes those with one. */
    LONG_IDLE;

    private static final long LONG_NANOS = Duration.ofSeconds(1).toNanos();

    private long with(Reason reason) {
      return switch (this) {
        case NONE -> 0;
        case USUAL -> reason.patience;
        case IDLE -> reason == Reason.NEXT_REQUEST ? 0 : Long.MAX_VALUE;
        case LONG -> Math.max(LONG_NANOS, reason.patience);
        case LONG_IDLE -> reason == Reason.NEXT_REQUEST ? LONG_NANOS : Long.MAX_VALUE;
      };
    }
  }

  /**
   * Is a connection that no longer waits.
   *
   * @param reason why it waited
   */
  record Taken<C>(C connection, Reason reason) {}

  private final LongSupplier clock;

  /** Since when each waits; the one that has waited the longest is first. */
  private final Map<Reason, Map<C, Long>> since = new EnumMap<>(Reason.class);

  /**
   * Creates a record without connections.
   *
   * @param clock in nanoseconds
   */
  WaitingConnections(LongSupplier clock) {
    this.clock = clock;
    for (Reason reason : Reason.values()) {
      since.put(reason, new LinkedHashMap<>());
    }
  }

  /** Notes that a connection waits from now on; null: not for its client. */
  synchronized void put(C connection, @Nullable Reason reason) {
    remove(connection);
    if (reason != null) {
      waiting(reason).put(connection, clock.getAsLong());
    }
  }

  /** Forgets a connection. */
  synchronized void remove(C connection) {
    since.values().forEach(waiting -> waiting.remove(connection));
  }

  /**
   * Removes the connection that has waited the longest.
   *
   * @return null if none has waited for longer than the patience
   */
  synchronized @Nullable Taken<C> takeLongest(Patience patience) {
    long now = clock.getAsLong();
    Reason longest = null;
    long most = -1;
    for (Reason reason : Reason.values()) {
      Iterator<Long> times = waiting(reason).values().iterator();
      long waited = times.hasNext() ? now - times.next() : -1;
      if (waited > most && waited >= patience.with(reason)) {
        most = waited;
        longest = reason;
      }
    }
    return longest == null ? null : takeFirst(longest);
  }

  /** Removes the connection whose client has not read for the longest time; null if all read. */
  synchronized @Nullable Taken<C> takeLongestUnread() {
    return takeFirst(Reason.READ_RESPONSE);
  }

  private Map<C, Long> waiting(Reason reason) {
    return Objects.requireNonNull(since.get(reason)); // there is one for each
  }

  private @Nullable Taken<C> takeFirst(Reason reason) {
    Iterator<C> waiting = waiting(reason).keySet().iterator();
    if (!waiting.hasNext()) {
      return null;
    }
    C first = waiting.next();
    waiting.remove();
    return new Taken<>(first, reason);
  }
}
