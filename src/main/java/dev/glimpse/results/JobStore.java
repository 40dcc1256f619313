package dev.glimpse.results;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps jobs and their results. Confined to one thread, which it may block. */
interface JobStore extends AutoCloseable {

  /**
   * A job to be worked on.
   *
   * @param answered the responses to images that an earlier process has worked on, by their places
   * @param takings how often it was taken since an image of it was answered, or since it was given
   *     back; this one counts
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Taken(Job job, byte[] body, Map<Integer, StoredResponse> answered, int takings) {}

  /** A finished job whose result is to be sent. */
  record Due(Job job, StoredResponse answer, int attempts) {}

  /**
   * Keeps a job, as safely as this store can, before it returns.
   *
   * @throws dev.glimpse.failure.ServingException OVERLOADED if there is no room
   */
  void add(Job job, byte[] body);

  /** Finds a job; empty if it is not known, or not any more. */
  Optional<JobState> find(String id);

  /** Forgets a job and its result; returns false if it was not known. */
  boolean delete(String id);

  /**
   * Takes the job that has waited for longest, and that is not taken.
   *
   * @param otherThan owners whose jobs are left
   * @param room the most bytes that its body may have; if it has more, no other job is taken in its
   *     place, which could go on for ever
   * @throws UnreadableJobException if it cannot be read; it is taken all the same
   */
  Optional<Taken> take(Set<String> otherThan, long room);

  /** Takes the job that has waited for longest, of any owner and size. */
  default Optional<Taken> take() {
    return take(Set.of(), Long.MAX_VALUE);
  }

  /** Returns whether a job waits to be taken, as far as this store knows without looking. */
  boolean mayHaveMore();

  /**
   * Keeps the response to an image.
   *
   * @return false if the job is not to be worked on any more, because it was deleted or taken by
   *     another instance
   */
  boolean answer(String id, int image, StoredResponse answer);

  /**
   * Keeps a job's response, and discards its images.
   *
   * @return false as {@link #answer} does, or if it was finished before, which changes nothing
   */
  boolean finish(Job job, StoredResponse whole);

  /** Gives a job back that was taken, so that it may be taken again. */
  void release(String id);

  /**
   * Keeps the jobs that this instance works on from being taken by others.
   *
   * @return the ids of those that were taken by others, or deleted, all the same
   */
  Set<String> renew();

  /**
   * Takes a result that is due to be sent.
   *
   * @param busy the {@link Job#receiver receivers} to which none is to be sent now
   */
  Optional<Due> takeDue(Set<String> busy);

  /** Takes a result that is due to be sent to any receiver. */
  default Optional<Due> takeDue() {
    return takeDue(Set.of());
  }

  /** Sends a result again after a pause. */
  void sendLater(String id, Duration pause);

  /**
   * Notes that a result was sent, or will never be, so that no later process sends it. Another
   * thread than that of the other methods calls it, so that it need not wait for them.
   */
  void sent(Job job);

  /** Forgets results whose time to live has passed; returns how many were not sent. */
  int expire();

  /** Returns how many jobs are pending. */
  int pending();

  /** Returns whether jobs outlive this process. */
  boolean isDurable();

  @Override
  void close();
}
