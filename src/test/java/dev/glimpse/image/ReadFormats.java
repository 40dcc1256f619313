package dev.glimpse.image;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.ServingException;
import dev.glimpse.image.codecs.ImageCodecs;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Tells which formats are supported here, from the list that a client receives. */
final class ReadFormats {

  private static final List<String> ACCEPTED = accepted();

  private ReadFormats() {}

  /**
   * @param name {@code JPEG}, {@code WEBP}, …, in any case
   */
  static boolean contain(String name) {
    return ACCEPTED.contains(name.toUpperCase(Locale.ROOT));
  }

  private static List<String> accepted() {
    ServingException unknown =
        catchThrowableOfType(
            ServingException.class, () -> ImageCodecs.all().codecFor(new byte[] {1}));
    String list = unknown.detail().replaceAll(".*Accepted: (.*)\\.", "$1");
    return Arrays.asList(list.toUpperCase(Locale.ROOT).split(", "));
  }
}
