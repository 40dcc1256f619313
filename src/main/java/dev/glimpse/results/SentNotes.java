package dev.glimpse.results;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Keeps which results were sent, or will never be, in the store, and in memory for as long as the
 * store fails to do so. For many threads at once.
 */
final class SentNotes {

  private static final Logger LOG = Logger.getLogger(SentNotes.class);

  private final JobStore store;

  /** As many as the store has results, at most. */
  private final Map<String, Job> open = new ConcurrentHashMap<>();

  SentNotes(JobStore store) {
    this.store = store;
  }

  /** Keeps that a result is not to be sent again. */
  void add(Job job) {
    boolean first = open.put(job.id(), job) == null; // before the store, which may block
    try {
      store.sent(job);
      open.remove(job.id());
    } catch (RuntimeException e) {
      LOG.logf(
          first ? Logger.Level.WARN : Logger.Level.DEBUG,
          "It cannot be kept that a result was sent, which is tried again: %s",
          e.getMessage());
    }
  }

  /** Returns whether a result is not to be sent, though the store may not know it yet. */
  boolean has(Job job) {
    return open.containsKey(job.id());
  }

  /** Tries again what has failed, up to the first that fails again. */
  void retry() {
    for (Job job : open.values()) {
      add(job);
      if (has(job)) {
        return;
      }
    }
  }
}
