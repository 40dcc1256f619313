package dev.glimpse.results;

import dev.glimpse.failure.ServingException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Keeps jobs in the Redis that instances share. An instance takes a job for a while, and renews
 * that; if it ends, another one takes the job, and goes on after the images that were answered.
 * Confined to one thread, which waits for Redis.
 */
final class RedisStore implements JobStore {

  private static final Logger LOG = Logger.getLogger(RedisStore.class);

  /**
   * After which a job may be taken by another instance, unless that is renewed: longer than Redis
   * may take to answer the commands between two renewals.
   */
  static final Duration LEASE = Duration.ofSeconds(30);

  /** The same for a result that is being sent, beyond {@code glimpse.url.timeout}. */
  private static final Duration SENDING = Duration.ofSeconds(5);

  /** Of unreadable jobs or results, in one call. */
  private static final int MOST_UNREADABLE = 10;

  /** Before a result that cannot be read is tried again. */
  private static final Duration UNREADABLE_PAUSE = Duration.ofMinutes(1);

  private final RedisCalls calls;
  private final Duration ttl;
  private final int maxJobs;
  private final long maxBytes;
  private final Duration sending;

  private final RedisLeases leases;
  private int pending;
  private boolean mayHaveMore = true;

  /**
   * Creates a store; asks Redis nothing yet.
   *
   * @param prefix what keys begin with
   * @param instance of this instance alone
   * @param timeout for sending a result
   * @param lease after which a job may be taken by another instance
   */
  RedisStore(
      RedisCalls.Scripts redis,
      String prefix,
      String instance,
      Duration ttl,
      int maxJobs,
      long maxBytes,
      Duration timeout,
      Duration lease) {
    this.calls = new RedisCalls(redis, prefix + "results:");
    this.leases = new RedisLeases(calls, instance, lease);
    this.ttl = ttl;
    this.maxJobs = maxJobs;
    this.maxBytes = maxBytes;
    this.sending = SENDING.plus(timeout);
  }

  @Override
  public void add(Job job, byte[] body) {
    String outcome = outcome(job, body);
    if (!outcome.equals("ok")) {
      throw JobRoom.full(
          outcome.equals("full")
              ? "The Redis that keeps requests is full"
              : "The %s that are kept leave no room".formatted(outcome));
    }
    pending++;
    mayHaveMore = true;
  }

  private String outcome(Job job, byte[] body) {
    String json = JobFormat.write(job).toString();
    try {
      return RedisCalls.text(
          calls
              .call("add", job.id(), json, body, maxJobs, maxBytes, job.owner(), job.receiver())
              .get(0));
    } catch (ServingException e) { // Redis may keep it all the same, and its client sends it again
      var unused = calls.start("delete", job.id());
      throw e;
    }
  }

  @Override
  public Optional<JobState> find(String id) {
    List<byte[]> found = calls.call("find", id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Job job = jobOrItsName(id, found.get(1), found.get(0));
    Optional<StoredResponse> answer =
        found.get(3).length == 0
            ? Optional.empty()
            : Optional.of(RedisCalls.answer(found.get(3), found.get(4)));
    int answered = answer.isPresent() ? job.images() : RedisCalls.number(found.get(2));
    return Optional.of(new JobState(job, answered, answer));
  }

  /** Returns a job; only whose it is if the rest cannot be read. */
  private static Job jobOrItsName(String id, byte[] owner, byte[] json) {
    try {
      return RedisCalls.job(json);
    } catch (UncheckedIOException e) {
      return Job.unreadable(id, RedisCalls.text(owner));
    }
  }

  @Override
  public boolean delete(String id) {
    boolean deleted = RedisCalls.text(calls.call("delete", id).get(0)).equals("1");
    leases.end(id);
    return deleted;
  }

  @Override
  public Found take(Set<String> otherThan, List<String> turns, long room) {
    for (int unreadable = 0; unreadable < MOST_UNREADABLE; unreadable++) {
      List<byte[]> found = leases.take(otherThan, turns, room);
      mayHaveMore = !found.isEmpty() || !otherThan.isEmpty();
      if (found.size() < 5) {
        return found.isEmpty() ? Found.NOTHING : Found.TOO_LARGE;
      }
      String id = RedisCalls.text(found.get(0));
      try {
        return taken(id, RedisCalls.job(found.get(2)), found);
      } catch (UncheckedIOException e) {
        leaveOrGiveUp(Job.unreadable(id, RedisCalls.text(found.get(1))), e);
      }
    }
    return Found.NOTHING;
  }

  private Found taken(String id, Job job, List<byte[]> found) {
    Map<Integer, StoredResponse> answers = new HashMap<>();
    found.subList(5, found.size()).forEach(one -> JobFormat.answers(one, answers));
    return leases.begin(id)
        ? Found.of(new Taken(job, found.get(3), answers, RedisCalls.number(found.get(4))))
        : Found.NOTHING; // its own, which was not renewed in time, and goes on
  }

  /**
   * Leaves a job to other instances, which may be of a version that can read it.
   *
   * @throws UnreadableJobException if it was left so often that it is given up
   */
  private void leaveOrGiveUp(Job job, UncheckedIOException why) {
    int times = RedisCalls.number(calls.call("unreadable", job.id()).get(0));
    if (times > JobTurns.MAX_TAKINGS) {
      leases.begin(job.id());
      throw new UnreadableJobException(job, why);
    }
    LOG.warnf(
        "The job %s cannot be read, and is left to other instances: %s",
        job.id(), why.getMessage());
  }

  @Override
  public boolean mayHaveMore() {
    return mayHaveMore;
  }

  @Override
  public boolean answer(String id, int image, StoredResponse answer) {
    return leases.call("answer", id, image, JobFormat.write(image, answer));
  }

  @Override
  public boolean finish(Job job, StoredResponse whole) {
    boolean finished =
        leases.call(
            "finish",
            job.id(),
            JobFormat.head(whole),
            whole.body(),
            ttl.toMillis(),
            job.callback().isPresent() ? "1" : "0");
    leases.end(job.id());
    return finished;
  }

  @Override
  public void release(String id) {
    leases.release(id);
  }

  @Override
  public Set<String> renew() {
    mayHaveMore = true; // others may have ended
    return leases.renew();
  }

  @Override
  public Optional<Due> takeDue(Set<String> busy) {
    for (int unreadable = 0; unreadable < MOST_UNREADABLE; unreadable++) {
      List<byte[]> found =
          calls.call("due", "", "", sending.toMillis(), "", busy.size(), List.copyOf(busy));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new Due(
                RedisCalls.job(found.get(1)),
                RedisCalls.answer(found.get(2), found.get(3)),
                RedisCalls.number(found.get(4)) - 1));
      } catch (UncheckedIOException e) {
        leaveResult(RedisCalls.text(found.get(0)), e);
      }
    }
    return Optional.empty();
  }

  /** Leaves a result to other instances, until it expires. */
  private void leaveResult(String id, UncheckedIOException why) {
    LOG.warnf(
        "The result of the job %s cannot be read, and is left to other instances: %s",
        id, why.getMessage());
    sendLater(id, UNREADABLE_PAUSE);
  }

  @Override
  public void sendLater(String id, Duration pause) {
    calls.call("later", id, pause.toMillis());
  }

  @Override
  public void sent(Job job) {
    calls.call("sent", job.id());
  }

  @Override
  public int expire() {
    List<byte[]> counts = calls.call("expire", "");
    pending = RedisCalls.number(counts.get(1));
    return RedisCalls.number(counts.get(0));
  }

  @Override
  public int pending() {
    return pending;
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public void close() {}
}
