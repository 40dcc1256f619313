package dev.glimpse.redis;

import dev.glimpse.metrics.RedisMetrics.Command;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the failures in a row of each command, as a full Redis still answers reads, and says when
 * they are more than chance. For many threads at once.
 */
final class FailureStreaks {

  /** Fewer failures in a row may be chance. */
  static final int LEAST_FAILURES = 3;

  /**
   * For how long each command has failed when Redis counts as away. A pause of this process, or a
   * busy machine, is no reason: while commands are sent, even those that are answered too late
   * count against the shared limits.
   */
  static final Duration LEAST_FAILING = Duration.ofMillis(500);

  /**
   * Failures of a command in a row.
   *
   * @param since when the first one failed, in nanoseconds
   */
  private record Streak(long since, int count) {}

  private final Map<Command, Streak> streaks = new ConcurrentHashMap<>();

  /** Forgets all failures. */
  void clear() {
    streaks.clear();
  }

  /** Ends a command's streak. */
  void succeeded(Command command) {
    if (streaks.containsKey(command)) { // which is cheaper than removing what is not there
      streaks.remove(command);
    }
  }

  /**
   * Counts a failure.
   *
   * @param now in nanoseconds
   * @return whether the command has failed so often, and for so long, that Redis counts as away
   */
  boolean failed(Command command, long now) {
    Streak streak =
        streaks.merge(
            command,
            new Streak(now, 1),
            (before, one) -> new Streak(before.since, before.count + 1));
    return streak.count >= LEAST_FAILURES && now - streak.since >= LEAST_FAILING.toNanos();
  }
}
