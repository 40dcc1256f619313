package dev.glimpse.api.connections;

/**
 * Notes since when one connection has had no request, or has been receiving the head of one.
 * Confined to the connection's event loop.
 */
final class WaitTimes {

  private final ConnectionLimits limits;
  private long idleSince = System.nanoTime();
  private long headSince = ConnectionLimits.NEVER;

  WaitTimes(ConnectionLimits limits) {
    this.limits = limits;
  }

  /** Notes a byte of a request's head. */
  void headArrives() {
    if (headSince == ConnectionLimits.NEVER) {
      headSince = System.nanoTime();
    }
  }

  /** Notes that the head has arrived, or that no head is expected. */
  void headEnded() {
    headSince = ConnectionLimits.NEVER;
  }

  /** Notes that a request has begun. */
  void busy() {
    idleSince = ConnectionLimits.NEVER;
    headEnded();
  }

  /** Notes that no request is left. */
  void idle() {
    idleSince = System.nanoTime();
  }

  /** Returns whether there is no request, but perhaps some of the head of one. */
  boolean isIdle() {
    return idleSince != ConnectionLimits.NEVER;
  }

  /** Returns whether the head of a request has taken longer than it may. */
  boolean isHeadLate() {
    return isOver(headSince, limits.headerNanos());
  }

  /** Returns whether the connection has been without a request for longer than it may. */
  boolean isIdleTooLong() {
    return isOver(idleSince, limits.idleNanos());
  }

  /** Returns whether a time, which may be NEVER, is longer ago than so many nanoseconds. */
  static boolean isOver(long since, long nanos) {
    return since != ConnectionLimits.NEVER && System.nanoTime() - since > nanos;
  }
}
