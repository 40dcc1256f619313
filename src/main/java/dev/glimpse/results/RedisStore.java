package dev.glimpse.results;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.redis.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps jobs in the Redis that instances share. An instance takes a job for a while, and renews
 * that; if it ends, another one takes the job, and goes on after the images that were answered.
 * Confined to one thread, which waits for Redis.
 */
final class RedisStore implements JobStore {

  /**
   * After which a job may be taken by another instance, unless that is renewed: longer than Redis
   * may take to answer the commands between two renewals.
   */
  static final Duration LEASE = Duration.ofSeconds(30);

  /** The same for a result that is being sent, beyond {@code glimpse.url.timeout}. */
  private static final Duration SENDING = Duration.ofSeconds(5);

  private static final int RETRY_SECONDS = 10;

  /** Runs a script in Redis. */
  @FunctionalInterface
  interface Scripts {

    /**
     * Runs a script on a key.
     *
     * @return the texts that it returns; empty if Redis is not available; never fails
     */
    CompletableFuture<Optional<List<byte[]>>> run(
        Script script, String key, List<byte[]> arguments);
  }

  private final Scripts redis;
  private final String prefix;
  private final String instance;
  private final Duration ttl;
  private final int maxJobs;
  private final long maxBytes;
  private final Duration sending;
  private final Duration lease;

  /** The tokens of the jobs that are worked on here, by id. */
  private final Map<String, String> taken = new ConcurrentHashMap<>();

  private long takings;
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
      Scripts redis,
      String prefix,
      String instance,
      Duration ttl,
      int maxJobs,
      long maxBytes,
      Duration timeout,
      Duration lease) {
    this.redis = redis;
    this.prefix = prefix + "results:";
    this.instance = instance;
    this.lease = lease;
    this.ttl = ttl;
    this.maxJobs = maxJobs;
    this.maxBytes = maxBytes;
    this.sending = SENDING.plus(timeout);
  }

  private CompletableFuture<Optional<List<byte[]>>> start(
      String what, String id, Object... arguments) {
    List<byte[]> all = new ArrayList<>(List.of(bytes(what), bytes(id)));
    for (Object argument : arguments) {
      all.add(argument instanceof byte[] known ? known : bytes(String.valueOf(argument)));
    }
    return redis.run(RedisScript.ALL, prefix, all);
  }

  private List<byte[]> call(String what, String id, Object... arguments) {
    return start(what, id, arguments)
        .join()
        .orElseThrow(() ->
            new ServingException(
                Failure.NOT_READY,
                "Results cannot be kept or found now; try again.",
                RETRY_SECONDS));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void add(Job job, byte[] body) {
    String outcome = outcome(job, body);
    if (!outcome.equals("ok")) {
      throw new ServingException(
          Failure.OVERLOADED,
          "The %s that are kept leave no room; delete results that are not needed, or try again later."
              .formatted(outcome),
          RETRY_SECONDS);
    }
    pending++;
    mayHaveMore = true;
  }

  private String outcome(Job job, byte[] body) {
    try {
      return text(
          call("add", job.id(), JobFormat.write(job).toString(), body, maxJobs, maxBytes).get(0));
    } catch (ServingException e) { // Redis may keep it all the same, and its client sends it again
      var unused = start("delete", job.id());
      throw e;
    }
  }

  @Override
  public Optional<JobState> find(String id) {
    List<byte[]> found = call("find", id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Job job = job(found.get(0));
    Optional<StoredResponse> answer =
        found.get(2).length == 0
            ? Optional.empty()
            : Optional.of(answer(found.get(2), found.get(3)));
    int answered = answer.isPresent() ? job.images() : Integer.parseInt(text(found.get(1)));
    return Optional.of(new JobState(job, answered, answer));
  }

  private static Job job(byte[] json) {
    try {
      return JobFormat.job(JobFormat.unframe(line(json)).head());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StoredResponse answer(byte[] head, byte[] body) {
    try {
      JsonNode json = JobFormat.unframe(line(head)).head();
      return JobFormat.answer(json, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] line(byte[] json) {
    return bytes(text(json) + "\n");
  }

  @Override
  public boolean delete(String id) {
    boolean deleted = text(call("delete", id).get(0)).equals("1");
    taken.remove(id);
    return deleted;
  }

  @Override
  public Optional<Taken> take() {
    String token = instance + ":" + takings++;
    List<byte[]> found = call("take", "", token, lease.toMillis());
    mayHaveMore = !found.isEmpty();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Job job = job(found.get(0));
    Map<Integer, StoredResponse> answers = new HashMap<>();
    found.subList(3, found.size()).forEach(one -> JobFormat.answers(one, answers));
    if (taken.put(job.id(), token) != null) {
      return Optional.empty(); // its own, which was not renewed in time, and goes on
    }
    return Optional.of(new Taken(job, found.get(1), answers, Integer.parseInt(text(found.get(2)))));
  }

  @Override
  public boolean mayHaveMore() {
    return mayHaveMore;
  }

  @Override
  public boolean answer(String id, int image, StoredResponse answer) {
    return isOurs(id, call("answer", id, token(id), image, JobFormat.write(image, answer)));
  }

  private String token(String id) {
    return taken.getOrDefault(id, "");
  }

  private boolean isOurs(String id, List<byte[]> reply) {
    boolean ours = text(reply.get(0)).equals("1");
    if (!ours) {
      taken.remove(id);
    }
    return ours;
  }

  @Override
  public boolean finish(Job job, StoredResponse whole) {
    boolean finished =
        isOurs(
            job.id(),
            call(
                "finish",
                job.id(),
                token(job.id()),
                JobFormat.head(whole),
                whole.body(),
                ttl.toMillis(),
                job.callback().isPresent() ? "1" : "0"));
    taken.remove(job.id());
    return finished;
  }

  @Override
  public void release(String id) {
    call("release", id, token(id));
    taken.remove(id);
  }

  @Override
  public Set<String> renew() {
    mayHaveMore = true; // others may have ended
    Set<String> lost = new HashSet<>();
    taken.forEach((id, token) -> {
      if (!isOurs(id, call("renew", id, token, lease.toMillis()))) {
        lost.add(id);
      }
    });
    return lost;
  }

  @Override
  public Optional<Due> takeDue() {
    List<byte[]> found = call("due", "", "", sending.toMillis());
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Due(
                job(found.get(0)),
                answer(found.get(1), found.get(2)),
                Integer.parseInt(text(found.get(3))) - 1));
  }

  @Override
  public void sendLater(String id, Duration pause) {
    call("later", id, pause.toMillis());
  }

  @Override
  public void sent(Job job) {
    call("sent", job.id());
  }

  @Override
  public int expire() {
    List<byte[]> counts = call("expire", "");
    pending = Integer.parseInt(text(counts.get(1)));
    return Integer.parseInt(text(counts.get(0)));
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
