package dev.glimpse.image;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.ServingException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which formats are read at present, by the list that a client is told. */
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
        catchThrowableOfType(ServingException.class, () -> ImageFormat.of(new byte[] {1}));
    String list = unknown.detail().replaceAll(".*Accepted: (.*)\\.", "$1");
    return Arrays.asList(list.toUpperCase(Locale.ROOT).split(", "));
  }
}
