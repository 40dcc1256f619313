package dev.glimpse.results;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Keeps the jobs of this instance alone: what is known of each is in memory, and its bytes are in a
 * {@link Spool}. Confined to one thread.
 */
final class LocalStore implements JobStore {

  private static final Logger LOG = Logger.getLogger(LocalStore.class);

  private final Spool spool;
  private final long ttl;
  private final JobRoom room;
  private final LongSupplier clock;
  private final LocalResults results;

  /** In the order of acceptance. */
  private final Map<String, LocalJob> entries = new LinkedHashMap<>();

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
    this.room = new JobRoom(maxJobs, maxBytes);
    this.clock = clock;
    this.results = new LocalResults(spool, this.ttl);
    try {
      spool.left().forEach(this::restore);
    } catch (RuntimeException | Error e) { // such as of a disk that cannot be read
      spool.close();
      throw e;
    }
  }

  private void restore(Spool.Left left) {
    entries.put(left.job().id(), LocalJob.of(left));
    room.change(left.bytes());
  }

  @Override
  public void add(Job job, byte[] body) {
    expire();
    room.require(entries.size(), body.length);
    spool(job, body);
    entries.put(job.id(), new LocalJob(job, body.length));
    room.change(body.length);
  }

  private void spool(Job job, byte[] body) {
    try {
      spool.add(job, body);
    } catch (UncheckedIOException e) {
      LOG.errorf("A job cannot be kept: %s", e.getCause());
      throw JobRoom.full("There is no room for %d bytes".formatted(body.length));
    }
  }

  @Override
  public Optional<JobState> find(String id) {
    expire();
    return Optional.ofNullable(entries.get(id))
        .filter(entry -> !entry.isOver(ttl, clock.getAsLong()))
        .map(entry ->
            new JobState(
                entry.job,
                entry.answered,
                entry.finished == null ? Optional.empty() : Optional.of(spool.result(entry.job))));
  }

  @Override
  public boolean delete(String id) {
    LocalJob entry = entries.get(id);
    if (entry == null) {
      return false;
    }
    spool.remove(entry.job);
    entries.remove(id);
    room.change(-entry.bytes);
    return true;
  }

  @Override
  public Found take(Set<String> otherThan, List<String> turns, long most) {
    Map<String, Integer> ranks = new HashMap<>();
    turns.forEach(owner -> ranks.put(owner, ranks.size() + 1));
    Optional<LocalJob> next =
        entries.values().stream()
            .filter(entry -> entry.waits() && !otherThan.contains(entry.job.owner()))
            .min(Comparator.comparingInt(entry -> ranks.getOrDefault(entry.job.owner(), 0)));
    if (next.isEmpty()) {
      return Found.NOTHING;
    }
    return next.get().bytes > most ? Found.TOO_LARGE : Found.of(taken(next.get()));
  }

  private Taken taken(LocalJob entry) {
    entry.taken = true;
    entry.progressed = false;
    try {
      return new Taken(
          entry.job, spool.body(entry.job), spool.answers(entry.job), spool.countTaking(entry.job));
    } catch (RuntimeException | Error e) {
      throw new UnreadableJobException(entry.job, e);
    }
  }

  @Override
  public boolean mayHaveMore() {
    return entries.values().stream().anyMatch(LocalJob::waits);
  }

  @Override
  public boolean answer(String id, int image, StoredResponse answer) {
    LocalJob entry = entries.get(id);
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
    LocalJob entry = entries.get(job.id());
    if (entry == null || entry.finished != null) {
      return false;
    }
    long now = clock.getAsLong();
    spool.finish(entry.job, now, whole);
    room.change(whole.body().length - entry.bytes);
    entry.finish(now, whole.body().length);
    return true;
  }

  @Override
  public void release(String id) {
    LocalJob entry = entries.get(id);
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
  public Optional<Due> takeDue(Set<String> busy) {
    return results.takeDue(entries.values(), busy, clock.getAsLong());
  }

  @Override
  public void sendLater(String id, Duration pause) {
    LocalJob entry = entries.get(id);
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
    LocalResults.Expired expired = results.expire(entries.values(), clock.getAsLong());
    room.change(-expired.bytes());
    return expired.unsent();
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
