package dev.glimpse.failure;

import java.util.Objects;
import java.util.stream.Stream;

/** Follows a failure to what caused it. */
public final class Causes {

  /** How many are looked at; a chain may be circular. */
  private static final int DEEPEST = 20;

  private Causes() {}

  /** Returns a failure and its causes, the outermost first, 20 at most. */
  public static Stream<Throwable> of(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(DEEPEST);
  }
}
