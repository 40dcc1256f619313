package dev.glimpse.results;

import dev.glimpse.results.JobStore.Due;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Sends the results of a {@link LocalStore} when they are due, and deletes them when it is time.
 */
final class LocalResults {

  private static final Logger LOG = Logger.getLogger(LocalResults.class);

  private static final Duration UNREADABLE_PAUSE = Duration.ofMinutes(1);

  private final Spool spool;
  private final long ttl;

  /**
   * Creates it.
   *
   * @param ttl how long results are kept, in milliseconds
   */
  LocalResults(Spool spool, long ttl) {
    this.spool = spool;
    this.ttl = ttl;
  }

  /** Takes the first that is due, and whose receiver is not among those that are busy. */
  Optional<Due> takeDue(Collection<LocalJob> jobs, Set<String> busy, long now) {
    for (LocalJob known : jobs) {
      if (known.unsent
          && known.due <= now
          && !known.isOver(ttl, now)
          && !busy.contains(known.job.receiver())) {
        try {
          Due due = new Due(known.job, spool.result(known.job), known.attempts);
          known.attempts++;
          known.unsent = false;
          return Optional.of(due);
        } catch (RuntimeException e) { // which holds up no other result
          LOG.errorf("A result cannot be read, which is tried again: %s", e.getMessage());
          known.due = now + UNREADABLE_PAUSE.toMillis();
        }
      }
    }
    return Optional.empty();
  }

  /** Says what was deleted: how many bytes, and how many results that were not sent. */
  record Expired(long bytes, int unsent) {}

  /** Deletes results whose time to live has passed. */
  Expired expire(Collection<LocalJob> jobs, long now) {
    long bytes = 0;
    int unsent = 0;
    for (Iterator<LocalJob> all = jobs.iterator(); all.hasNext(); ) {
      LocalJob known = all.next();
      if (known.isOver(ttl, now) && removed(known)) {
        all.remove();
        bytes += known.bytes;
        unsent += known.unsent ? 1 : 0;
      }
    }
    return new Expired(bytes, unsent);
  }

  /** Deletes what a job has left; what cannot be deleted is tried again, and keeps its place. */
  private boolean removed(LocalJob known) {
    try {
      spool.remove(known.job);
      return true;
    } catch (RuntimeException e) {
      LOG.logf(
          known.undeletable ? Logger.Level.DEBUG : Logger.Level.ERROR,
          "A result cannot be deleted after its time to live, which is tried again: %s",
          e.getMessage());
      known.undeletable = true;
      return false;
    }
  }
}
