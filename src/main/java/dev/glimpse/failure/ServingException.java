package dev.glimpse.failure;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A request that cannot be served. The message goes to the client as it is: a sentence about what
 * the client sent, never a path, a class name or another program's message.
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

  /** As above; the cause is for the log only. */
  public ServingException(Failure failure, String detail, @Nullable Throwable cause) {
    this(failure, detail, null, 0, cause);
  }

  /**
   * As above, with a good time to try again.
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
    super(detail, cause);
    this.failure = failure;
    this.detail = detail;
    this.parameter = parameter;
    this.retryAfter = retryAfter;
  }

  /**
   * A parameter whose value will not do.
   *
   * @param parameter its name as the client writes it
   * @param what the rest of the sentence, beginning with a verb: {@code must be …}
   */
  public static ServingException invalid(String parameter, String what) {
    return new ServingException(Failure.INVALID_PARAMETER, what, parameter, 0, null);
  }

  /** What kind of failure it is. */
  public Failure failure() {
    return failure;
  }

  /** The sentence for the client; about a parameter, what comes after its name. */
  public String detail() {
    return detail;
  }

  /** After how many seconds it is worth trying again, if that is known. */
  public OptionalInt retryAfter() {
    return retryAfter == 0 ? OptionalInt.empty() : OptionalInt.of(retryAfter);
  }

  /** The parameter that is wrong, if it is about one. */
  public Optional<String> parameter() {
    return Optional.ofNullable(parameter);
  }
}
