package dev.glimpse.image;

import dev.glimpse.failure.StackTraces;

/**
 * Reports a file that is truncated, corrupt or not of the format that its first bytes promise. The
 * message says why, in words for a client, without a full stop: "truncated". It has no stack,
 * unless {@link StackTraces#ofRefusals}.
 */
public final class UnreadableImage extends Exception {

  private static final long serialVersionUID = 1L;

  private final String why;

  /** Reports a file for this reason. */
  public UnreadableImage(String why) {
    super(why, null, true, StackTraces.ofRefusals());
    this.why = why;
  }

  /** Returns the reason, in words for a client. */
  public String why() {
    return why;
  }
}
