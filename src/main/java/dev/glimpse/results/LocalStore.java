package dev.glimpse.results;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the jobs of this instance alone: what is known of each is in memory, and its bytes are in a
 * {@link Spool}. Confined to one thread.
 */
final class LocalStore implements JobStore {

  private static final Logger LOG = Logger.getLogger(LocalStore.class);

  /** A good time to try again, in seconds, as it is not known when room is made. */
  private static final int RETRY_SECONDS = 10;

  private static final Duration UNREADABLE_PAUSE = Duration.ofMinutes(1);

  /** What is known of a job. */
  private static final class Entry {

    private final Job job;
    private long bytes;
    private int answered;
    private boolean taken;

    /** Whether an image was answered since it was taken. */
    private boolean progressed;

    private @Nullable Long finished;

    /** Whether its result is to be sent, and nothing sends it. */
    private boolean unsent;

    private long due;
    private int attempts;

    /** Whether it was reported that it cannot be deleted. */
    private boolean undeletable;

    Entry(Job job, long bytes) {
      this.job = job;
      this.bytes = bytes;
    }
  }

  private final Spool spool;
  private final long ttl;
  private final int maxJobs;
  private final long maxBytes;
  private final LongSupplier clock;

  /** In the order of acceptance. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private long bytes;

  /**
   * Creates a store with the jobs that an earlier process has left in the spool.
   *
   * @param ttl how long results are kept
   * @param maxJobs how many jobs are kept, finished ones included
   * @param maxBytes how many bytes their bodies and results may take
   * @param clock in milliseconds since 1970
   */
  LocalStore(Spool spool, Duration ttl, int maxJobs, long maxBytes, LongSupplier clock) {
    this.spool = spool;
    this.ttl = ttl.toMillis();
    this.maxJobs = maxJobs;
    this.maxBytes = maxBytes;
    this.clock = clock;
    spool.left().forEach(this::restore);
  }

  private void restore(Spool.Left left) {
    Entry entry = new Entry(left.job(), left.bytes());
    entry.answered = left.answered();
    entry.finished = left.finished().orElse(null);
    entry.unsent = left.finished().isPresent() && left.job().callback().isPresent() && !left.sent();
    entries.put(left.job().id(), entry);
    bytes += entry.bytes;
  }

  @Override
  public void add(Job job, byte[] body) {
    expire();
    if (entries.size() >= maxJobs) {
      throw full("%d jobs are kept already".formatted(maxJobs));
    }
    if (bytes + body.length > maxBytes) {
      throw full("The jobs that are kept leave no room for %d bytes".formatted(body.length));
    }
    spool(job, body);
    entries.put(job.id(), new Entry(job, body.length));
    bytes += body.length;
  }

  private void spool(Job job, byte[] body) {
    try {
      spool.add(job, body);
    } catch (UncheckedIOException e) {
      LOG.errorf("A job cannot be kept: %s", e.getCause());
      throw full("There is no room for %d bytes".formatted(body.length));
    }
  }

  private static ServingException full(String why) {
    return new ServingException(
        Failure.OVERLOADED,
        why + "; delete results that are not needed, or try again later.",
        RETRY_SECONDS);
  }

  @Override
  public Optional<JobState> find(String id) {
    expire();
    return Optional.ofNullable(entries.get(id))
        .filter(entry -> !isOver(entry, clock.getAsLong()))
        .map(entry ->
            new JobState(
                entry.job,
                entry.answered,
                entry.finished == null ? Optional.empty() : Optional.of(spool.result(entry.job))));
  }

  @Override
  public boolean delete(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return false;
    }
    spool.remove(entry.job);
    entries.remove(id);
    bytes -= entry.bytes;
    return true;
  }

  @Override
  public Optional<Taken> take() {
    Optional<Entry> first =
        entries.values().stream()
            .filter(entry -> !entry.taken && entry.finished == null)
            .findFirst();
    return first.map(entry -> {
      entry.taken = true;
      entry.progressed = false;
      try {
        return new Taken(
            entry.job,
            spool.body(entry.job),
            spool.answers(entry.job),
            spool.countTaking(entry.job));
      } catch (RuntimeException | Error e) {
        throw new UnreadableJobException(entry.job, e);
      }
    });
  }

  @Override
  public boolean mayHaveMore() {
    return entries.values().stream().anyMatch(entry -> !entry.taken && entry.finished == null);
  }

  @Override
  public boolean answer(String id, int image, StoredResponse answer) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return false;
    }
    spool.answer(entry.job, image, answer);
    if (!entry.progressed) {
      spool.clearTakings(entry.job);
      entry.progressed = true;
    }
    entry.answered++;
    return true;
  }

  @Override
  public boolean finish(Job job, StoredResponse whole) {
    Entry entry = entries.get(job.id());
    if (entry == null || entry.finished != null) {
      return false;
    }
    long now = clock.getAsLong();
    spool.finish(entry.job, now, whole);
    bytes += whole.body().length - entry.bytes;
    entry.bytes = whole.body().length;
    entry.answered = entry.job.images();
    entry.finished = now;
    entry.unsent = entry.job.callback().isPresent();
    entry.due = now;
    return true;
  }

  @Override
  public void release(String id) {
    Entry entry = entries.get(id);
    if (entry != null) {
      entry.taken = false;
      spool.clearTakings(entry.job);
    }
  }

  @Override
  public Set<String> renew() {
    return Set.of();
  }

  @Override
  public Optional<Due> takeDue() {
    long now = clock.getAsLong();
    for (Entry entry : entries.values()) {
      if (entry.unsent && entry.due <= now && !isOver(entry, now)) {
        try {
          Due due = new Due(entry.job, spool.result(entry.job), entry.attempts);
          entry.attempts++;
          entry.unsent = false;
          return Optional.of(due);
        } catch (RuntimeException e) { // which holds up no other result
          LOG.errorf("A result cannot be read, which is tried again: %s", e.getMessage());
          entry.due = now + UNREADABLE_PAUSE.toMillis();
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void sendLater(String id, Duration pause) {
    Entry entry = entries.get(id);
    if (entry != null) {
      entry.unsent = true;
      entry.due = clock.getAsLong() + pause.toMillis();
    }
  }

  @Override
  public void sent(Job job) {
    spool.sent(job);
  }

  @Override
  public int expire() {
    long now = clock.getAsLong();
    int unsent = 0;
    for (Iterator<Entry> all = entries.values().iterator(); all.hasNext(); ) {
      Entry entry = all.next();
      if (isOver(entry, now) && removed(entry)) {
        all.remove();
        bytes -= entry.bytes;
        unsent += entry.unsent ? 1 : 0;
      }
    }
    return unsent;
  }

  private boolean isOver(Entry entry, long now) {
    return entry.finished != null && now - entry.finished >= ttl;
  }

  /** Deletes what a job has left; what cannot be deleted is tried again, and keeps its place. */
  private boolean removed(Entry entry) {
    try {
      spool.remove(entry.job);
      return true;
    } catch (RuntimeException e) {
      LOG.logf(
          entry.undeletable ? Logger.Level.DEBUG : Logger.Level.ERROR,
          "A result cannot be deleted after its time to live, which is tried again: %s",
          e.getMessage());
      entry.undeletable = true;
      return false;
    }
  }

  @Override
  public int pending() {
    return (int) entries.values().stream().filter(entry -> entry.finished == null).count();
  }

  @Override
  public boolean isDurable() {
    return spool.isDurable();
  }

  @Override
  public void close() {
    spool.close();
  }
}
