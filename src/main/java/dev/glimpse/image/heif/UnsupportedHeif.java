package dev.glimpse.image.heif;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;

/** Makes the refusal of a valid file of a kind that is not supported. */
final class UnsupportedHeif {

  private UnsupportedHeif() {}

  /**
   * Returns an UNSUPPORTED_MEDIA_TYPE for the caller to throw.
   *
   * @param format HEIC or AVIF
   * @param kind what is not supported, such as "with several layers"
   */
  static ServingException of(String format, String kind) {
    return new ServingException(
        Failure.UNSUPPORTED_MEDIA_TYPE, format + " images " + kind + " are not supported.");
  }
}
