package dev.glimpse.image;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.ServingException;
import dev.glimpse.image.codecs.ImageCodecs;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Knows which formats are supported here, by the list in the refusal that a client gets. */
final class ReadFormats {

  private static final List<String> ACCEPTED = accepted();

  private ReadFormats() {}

  /**
   * Tells whether a format is supported.
   *
   * @param name {@code JPEG}, {@code WEBP}, …, in any case
   */
  static boolean contain(String name) {
    return ACCEPTED.contains(name.toUpperCase(Locale.ROOT));
  }

  private static List<String> accepted() {
    ServingException unknown =
        catchThrowableOfType(
            ServingException.class,
            () -> ImageCodecs.all().codecFor(ByteBuffer.wrap(new byte[] {1})));
    String list = unknown.detail().replaceAll(".*Accepted: (.*)\\.", "$1");
    return Arrays.asList(list.toUpperCase(Locale.ROOT).split(", "));
  }
}
