package dev.glimpse.results;

/** Tells that a pending job is kept, and cannot be read. */
final class UnreadableJobException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Job job;

  UnreadableJobException(Job job, Throwable cause) {
    super(String.valueOf(cause.getMessage()), cause);
    this.job = job;
  }

  Job job() {
    return job;
  }
}
