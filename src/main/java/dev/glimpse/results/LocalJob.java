package dev.glimpse.results;

import org.jspecify.annotations.Nullable;

/** Holds what a {@link LocalStore} knows of a job, whose bytes are in its spool. */
final class LocalJob {

  final Job job;

  /** Of its body, or of its result once it is finished. */
  long bytes;

  int answered;
  boolean taken;

  /** Whether an image was answered since it was taken. */
  boolean progressed;

  /** When it was finished, in milliseconds since 1970; null until then. */
  @Nullable Long finished;

  /** Whether its result is to be sent, and nothing sends it. */
  boolean unsent;

  /** When its result is to be sent, in milliseconds since 1970. */
  long due;

  int attempts;

  /** Whether it was reported that it cannot be deleted. */
  boolean undeletable;

  LocalJob(Job job, long bytes) {
    this.job = job;
    this.bytes = bytes;
  }

  /** Takes over what an earlier process has left. */
  static LocalJob of(Spool.Left left) {
    LocalJob known = new LocalJob(left.job(), left.bytes());
    known.answered = left.answered();
    known.finished = left.finished().orElse(null);
    known.unsent = left.finished().isPresent() && left.job().callback().isPresent() && !left.sent();
    return known;
  }

  boolean waits() {
    return !taken && finished == null;
  }

  /** Returns whether its result has been kept for as long as results are. */
  boolean isOver(long ttl, long now) {
    return finished != null && now - finished >= ttl;
  }

  /** Notes its result. */
  void finish(long now, long size) {
    bytes = size;
    answered = job.images();
    finished = now;
    unsent = job.callback().isPresent();
    due = now;
  }
}
