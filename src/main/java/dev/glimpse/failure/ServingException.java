package dev.glimpse.failure;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reports a request that cannot be served. The client receives the message unchanged: a sentence
 * about what the client sent, never a path, a class name or another program's message. It has no
 * stack, unless it is {@link Failure#INTERNAL} or {@link StackTraces#ofRefusals}.
 */
public final class ServingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Failure failure;
  private final String detail;
  private final @Nullable String parameter;
  private final int retryAfter;

  public ServingException(Failure failure, String detail) {
    this(failure, detail, null, 0, null);
  }

  /** Reports a failure with its cause, which is for the log only. */
  public ServingException(Failure failure, String detail, @Nullable Throwable cause) {
    this(failure, detail, null, 0, cause);
  }

  /**
   * Reports a failure that is worth retrying after some time.
   *
   * @param retryAfter seconds, 1 or more
   */
  public ServingException(Failure failure, String detail, int retryAfter) {
    this(failure, detail, null, retryAfter, null);
  }

  private ServingException(
      Failure failure,
      String detail,
      @Nullable String parameter,
      int retryAfter,
      @Nullable Throwable cause) {
    super(detail, cause, true, failure == Failure.INTERNAL || StackTraces.ofRefusals());
    this.failure = failure;
    this.detail = detail;
    this.parameter = parameter;
    this.retryAfter = retryAfter;
  }

  /**
   * Reports a parameter with an invalid value.
   *
   * @param parameter its name as the client writes it
   * @param what the rest of the sentence, beginning with a verb: {@code must be …}
   */
  public static ServingException invalid(String parameter, String what) {
    return new ServingException(Failure.INVALID_PARAMETER, what, parameter, 0, null);
  }

  /** Returns the kind of failure. */
  public Failure failure() {
    return failure;
  }

  /** Returns the sentence for the client; for a parameter, without its name. */
  public String detail() {
    return detail;
  }

  /** Returns the seconds after which a retry is worthwhile, if known. */
  public OptionalInt retryAfter() {
    return retryAfter == 0 ? OptionalInt.empty() : OptionalInt.of(retryAfter);
  }

  /** Returns the name of the invalid parameter, if it is about one. */
  public Optional<String> parameter() {
    return Optional.ofNullable(parameter);
  }
}
