package dev.glimpse.image.tiff;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;

/** Makes the refusal of a valid TIFF file of a kind that is not supported. */
final class UnsupportedTiff {

  private UnsupportedTiff() {}

  /**
   * Returns an UNSUPPORTED_MEDIA_TYPE for the caller to throw.
   *
   * @param kind what is not supported, such as "with fax compression"
   */
  static ServingException of(String kind) {
    return new ServingException(
        Failure.UNSUPPORTED_MEDIA_TYPE, "TIFF images " + kind + " are not supported.");
  }
}
