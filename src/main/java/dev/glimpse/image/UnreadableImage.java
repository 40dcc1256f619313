package dev.glimpse.image;

/** Bytes that are not the picture they claim to be. The message says why, in words for a client. */
final class UnreadableImage extends Exception {

  private static final long serialVersionUID = 1L;

  UnreadableImage(String why) {
    super(why);
  }
}
