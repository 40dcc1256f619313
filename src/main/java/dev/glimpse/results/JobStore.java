package dev.glimpse.results;

import java.time.Duration;
import java.util.List;
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
   * Says what {@link #take} has found.
   *
   * @param taken empty if no job waits, or the next is too large
   * @param tooLarge whether the next job has a larger body than there is room for
   */
  record Found(Optional<Taken> taken, boolean tooLarge) {

    static final Found NOTHING = new Found(Optional.empty(), false);
    static final Found TOO_LARGE = new Found(Optional.empty(), true);

    static Found of(Taken taken) {
      return new Found(Optional.of(taken), false);
    }
  }

  /**
   * Takes a job that is not taken: of an owner that had no turn, or else of the one that had its
   * turn the longest ago, the job that has waited for longest.
   *
   * @param otherThan owners whose jobs are left
   * @param turns owners that had turns, the longest ago first
   * @param room the most bytes that its body may have; if it has more, no other job is taken in its
   *     place, which could go on for ever
   * @throws UnreadableJobException if it cannot be read; it is taken all the same
   */
  Found take(Set<String> otherThan, List<String> turns, long room);

  /** Takes the job that has waited for longest, of any owner and size. */
  default Optional<Taken> take() {
    return take(Set.of(), List.of(), Long.MAX_VALUE).taken();
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
