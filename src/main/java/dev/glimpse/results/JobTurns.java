package dev.glimpse.results;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.results.JobStore.Taken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Chooses whose image is next: the owners of jobs take turns, an image each, and the jobs of each
 * are worked on in the order of their acceptance. Takes jobs from the store only while the bodies
 * of those that are worked on leave room for them in memory. Confined to the {@link ResultsThread}.
 */
final class JobTurns {

  private static final Logger LOG = Logger.getLogger(JobTurns.class);

  /** As often a job is begun without an image of it being answered. */
  static final int MAX_TAKINGS = 3;

  /** Owners that take turns at the same time; the others wait for one of them. */
  static final int MOST_OWNERS = 16;

  private final JobStore store;
  private final JobWork work;
  private final long mostBytes;
  private final JobFinisher finisher;
  private final List<ActiveJob> active = new ArrayList<>();

  /** When each owner of an active job had its last turn. */
  private final Map<String, Long> turns = new HashMap<>();

  private long turn;

  /** Whether a job of an owner that has no active one may wait in the store. */
  private boolean othersMayWait = true;

  /**
   * Creates it without jobs.
   *
   * @param mostBytes of the bodies of all jobs that are worked on; a larger one is alone
   */
  JobTurns(JobStore store, JobWork work, long mostBytes, JobFinisher finisher) {
    this.store = store;
    this.work = work;
    this.mostBytes = mostBytes;
    this.finisher = finisher;
  }

  /** Looks for jobs of other owners with the next turn. */
  void look() {
    othersMayWait = true;
  }

  /** Returns a job with an image that was not started. */
  Optional<ActiveJob> next() {
    takeOfOthers();
    while (true) {
      Optional<ActiveJob> next = longestWithoutTurn();
      if (next.isPresent()) {
        turns.put(next.get().job().owner(), ++turn);
        return next;
      }
      if (!take(Set.of())) {
        return Optional.empty();
      }
    }
  }

  private void takeOfOthers() {
    Set<String> owners = new HashSet<>();
    active.stream().filter(ActiveJob::hasOpen).forEach(job -> owners.add(job.job().owner()));
    while (othersMayWait && !owners.isEmpty() && owners.size() < MOST_OWNERS) {
      othersMayWait = take(owners);
      active.forEach(job -> owners.add(job.job().owner()));
    }
  }

  private Optional<ActiveJob> longestWithoutTurn() {
    ActiveJob longest = null;
    long least = Long.MAX_VALUE;
    for (ActiveJob job : active) {
      long last = turns.getOrDefault(job.job().owner(), 0L);
      if (job.hasOpen() && last < least) {
        longest = job;
        least = last;
      }
    }
    return Optional.ofNullable(longest);
  }

  /** Takes a job; returns whether there was one. */
  private boolean take(Set<String> otherThan) {
    try {
      Optional<Taken> taken = store.take(otherThan, room());
      taken.ifPresent(this::open);
      return taken.isPresent();
    } catch (UnreadableJobException e) { // which holds up no other job
      LOG.errorf("A job cannot be read, and is finished with a problem: %s", e.getMessage());
      finisher.finish(e.job(), work.failed(e.job(), e));
      return true;
    }
  }

  private long room() {
    long held = active.stream().mapToLong(ActiveJob::size).sum();
    return active.isEmpty() ? Long.MAX_VALUE : Math.max(0, mostBytes - held);
  }

  private void open(Taken taken) {
    if (taken.takings() > MAX_TAKINGS) { // working on it may be what ends the process
      finisher.finish(taken.job(), work.failed(taken.job(), takenTooOften()));
      return;
    }
    try {
      ActiveJob job = new ActiveJob(taken, work.open(taken.job(), taken.body()));
      if (job.isDone()) { // all was answered, and the process ended before it was put together
        finisher.finish(job);
      } else {
        active.add(job);
      }
    } catch (RuntimeException | Error e) {
      finisher.finish(taken.job(), work.failed(taken.job(), e));
    }
  }

  private static ServingException takenTooOften() {
    return new ServingException(
        Failure.INTERNAL,
        "The service has ended %d times while it worked on this request, so it is not tried again."
            .formatted(MAX_TAKINGS));
  }

  boolean isActive(ActiveJob job) {
    return active.contains(job);
  }

  /** Returns whether a job has an image that was not started. */
  boolean hasOpen() {
    return active.stream().anyMatch(ActiveJob::hasOpen);
  }

  void remove(ActiveJob job) {
    active.remove(job);
    cleanUp();
  }

  /** Stops to work on a job that was deleted. */
  void forget(String id) {
    active.removeIf(job -> job.job().id().equals(id));
    cleanUp();
  }

  private void cleanUp() {
    Set<String> owners = new HashSet<>();
    active.forEach(job -> owners.add(job.job().owner()));
    turns.keySet().retainAll(owners);
    othersMayWait = true;
  }

  /** Gives back the jobs that are not finished. */
  void release() {
    active.forEach(job -> store.release(job.job().id()));
    active.clear();
  }
}
