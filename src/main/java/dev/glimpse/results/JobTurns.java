package dev.glimpse.results;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.results.JobStore.Found;
import dev.glimpse.results.JobStore.Taken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** Jobs that were stopped while images of them were being worked on, which hold their bodies. */
  private final List<ActiveJob> ending = new ArrayList<>();

  private final OwnerTurns turns = new OwnerTurns();

  /** Whether a job of an owner that has no open one may wait in the store. */
  private boolean othersMayWait = true;

  /** Whether a job waits for room, so that owners with a job at work get no further one. */
  private boolean drains;

  /**
   * Creates it without jobs.
   *
   * @param mostBytes of the bodies of all jobs that are worked on, besides the largest
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
    fill();
    Optional<ActiveJob> next = longestWithoutTurn();
    next.ifPresent(job -> turns.next(job.job().owner()));
    return next;
  }

  /** Takes jobs until as many owners as may have an image that was not started. */
  private void fill() {
    if (finisher.hasUnkept()) {
      return; // more results would only wait in memory
    }
    Set<String> owners = owners(ActiveJob::hasOpen);
    while ((othersMayWait || owners.isEmpty()) && owners.size() < MOST_OWNERS) {
      if (!take(owners)) {
        othersMayWait = false;
        return;
      }
      owners = owners(ActiveJob::hasOpen);
    }
  }

  private Set<String> owners(Predicate<ActiveJob> which) {
    return active.stream().filter(which).map(job -> job.job().owner()).collect(Collectors.toSet());
  }

  private Optional<ActiveJob> longestWithoutTurn() {
    return active.stream()
        .filter(ActiveJob::hasOpen)
        .min(Comparator.comparingLong(job -> turns.last(job.job().owner())));
  }

  /**
   * Takes a job of another owner than these. Once one does not fit, those that have any job at work
   * get no further one until it does: otherwise their small ones would hold it up for ever.
   *
   * @return whether there was one that fits
   */
  private boolean take(Set<String> otherThan) {
    if (!drains) {
      Taking taking = takeFor(otherThan);
      if (taking != Taking.TOO_LARGE) {
        return taking == Taking.TAKEN;
      }
    }
    Taking taking = takeFor(owners(job -> true));
    drains = taking == Taking.TOO_LARGE;
    return taking == Taking.TAKEN;
  }

  private enum Taking {
    TAKEN,
    NOTHING,
    TOO_LARGE
  }

  private Taking takeFor(Set<String> otherThan) {
    try {
      Found found = store.take(otherThan, turns.known(), room());
      found.taken().ifPresent(this::open);
      return found.taken().isPresent()
          ? Taking.TAKEN
          : found.tooLarge() ? Taking.TOO_LARGE : Taking.NOTHING;
    } catch (UnreadableJobException e) { // which holds up no other job
      LOG.errorf("A job cannot be read, and is finished with a problem: %s", e.getMessage());
      finisher.finish(e.job(), work.failed(e.job(), e));
      return Taking.TAKEN;
    }
  }

  /**
   * Returns how large the next body may be. The largest does not count, as it would keep all others
   * out until its last image; so no more than one is beyond the bound.
   */
  private long room() {
    ending.removeIf(job -> !job.isRunning());
    LongSummaryStatistics held =
        Stream.concat(active.stream(), ending.stream())
            .mapToLong(ActiveJob::size)
            .summaryStatistics();
    return held.getSum() <= mostBytes
        ? Long.MAX_VALUE
        : Math.max(0, mostBytes - (held.getSum() - held.getMax()));
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
    removeIf(job::equals);
  }

  /** Stops to work on a job that was deleted. */
  void forget(String id) {
    removeIf(job -> job.job().id().equals(id));
  }

  private void removeIf(Predicate<ActiveJob> which) {
    active.stream().filter(which).filter(ActiveJob::isRunning).forEach(ending::add);
    active.removeIf(which);
    othersMayWait = true;
  }

  /** Gives back the jobs that are not finished. */
  void release() {
    active.forEach(job -> store.release(job.job().id()));
    active.clear();
  }
}
