package dev.glimpse.results;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps the bytes of jobs for a {@link LocalStore}. Confined to its thread. */
interface Spool extends AutoCloseable {

  /**
   * A job that an earlier process has left.
   *
   * @param bytes that its body or its result takes
   * @param answered how many of its images have been answered
   * @param finished when it was finished, in milliseconds since 1970; empty if it is pending
   * @param sent whether its result was sent
   */
  record Left(Job job, long bytes, int answered, Optional<Long> finished, boolean sent) {}

  /** Returns what an earlier process has left, in the order of acceptance. */
  List<Left> left();

  /** Keeps a job before it returns. */
  void add(Job job, byte[] body);

  /** Returns a pending job's body. */
  byte[] body(Job job);

  /** Returns the responses to a pending job's images that an earlier process has worked on. */
  Map<Integer, StoredResponse> answers(Job job);

  /**
   * Notes that a job is taken, where that outlives the process.
   *
   * @return how often that was noted since {@link #clearTakings}; this time counts
   */
  int countTaking(Job job);

  /** Forgets how often a job was taken. */
  void clearTakings(Job job);

  /** Keeps the response to an image. */
  void answer(Job job, int image, StoredResponse answer);

  /** Keeps a job's response, and discards the rest. */
  void finish(Job job, long finished, StoredResponse whole);

  /** Returns a finished job's response. */
  StoredResponse result(Job job);

  /** Notes that a job's result was sent. May be called by another thread than the others. */
  void sent(Job job);

  /** Forgets a job. */
  void remove(Job job);

  /** Returns whether jobs outlive this process. */
  boolean isDurable();

  @Override
  void close();
}
