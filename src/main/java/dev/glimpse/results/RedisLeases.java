package dev.glimpse.results;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds which jobs in Redis this instance works on. Each has a token, which Redis compares: once
 * another instance has taken a job, this one can do nothing with it. Confined to one thread.
 */
final class RedisLeases {

  private final RedisCalls calls;
  private final String instance;
  private final Duration lease;

  /** The tokens of the jobs that are worked on here, by id. */
  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  private long takings;

  /**
   * Creates it without jobs.
   *
   * @param instance of this instance alone
   * @param lease after which a job may be taken by another instance
   */
  RedisLeases(RedisCalls calls, String instance, Duration lease) {
    this.calls = calls;
    this.instance = instance;
    this.lease = lease;
  }

  /**
   * Takes a job as {@link JobStore#take} says; call {@link #begin} with it.
   *
   * @return a single text if it is too large
   */
  List<byte[]> take(Set<String> otherThan, List<String> turns, long room) {
    takings++;
    return calls.call(
        "take",
        "",
        token(),
        lease.toMillis(),
        room,
        otherThan.size(),
        List.copyOf(otherThan),
        turns);
  }

  private String token() {
    return instance + ":" + takings;
  }

  /** Notes the job that was taken last; returns whether it was not worked on here already. */
  boolean begin(String id) {
    return tokens.put(id, token()) == null;
  }

  /** Does something with a job; returns whether it is still this instance's. */
  boolean call(String what, String id, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(tokens.getOrDefault(id, "")));
    all.addAll(Arrays.asList(arguments));
    boolean held = RedisCalls.text(calls.call(what, id, all.toArray()).get(0)).equals("1");
    if (!held) {
      end(id);
    }
    return held;
  }

  /** Gives a job back. */
  void release(String id) {
    calls.call("release", id, tokens.getOrDefault(id, ""));
    end(id);
  }

  /** Forgets a job. */
  void end(String id) {
    tokens.remove(id);
  }

  /** Renews all; returns the ids of jobs that are not this instance's any more. */
  Set<String> renew() {
    Set<String> lost = new HashSet<>();
    for (String id : tokens.keySet()) {
      if (!call("renew", id, lease.toMillis())) {
        lost.add(id);
      }
    }
    return lost;
  }
}
