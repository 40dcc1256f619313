package dev.glimpse.image;

/**
 * Reports a file that is truncated, corrupt or not of the format that its first bytes promise. The
 * message says why, in words for a client, without a full stop: "truncated".
 */
public final class UnreadableImage extends Exception {

  private static final long serialVersionUID = 1L;

  private final String why;

  /** Reports a file for this reason. */
  public UnreadableImage(String why) {
    super(why);
    this.why = why;
  }

  /** Returns the reason, in words for a client. */
  public String why() {
    return why;
  }
}
