package dev.glimpse.failure;

/**
 * Ends the start after a signal: what is still to be loaded will not be served, and the process
 * waits for the start to end. Any thread may call the methods.
 */
public final class InterruptedStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static volatile boolean interrupted;

  private InterruptedStartException() {
    super("The start was interrupted by a signal.");
  }

  /** Makes every later {@link #check} fail. */
  public static void interrupt() {
    interrupted = true;
  }

  /**
   * Lets the start go on unless it is interrupted.
   *
   * @throws InterruptedStartException if it is
   */
  public static void check() {
    if (interrupted) {
      throw new InterruptedStartException();
    }
  }
}
