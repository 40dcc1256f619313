package dev.glimpse.results;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** Makes the ids of jobs. */
final class JobIds {

  private static final int BYTES = 16;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{22}");

  private final SecureRandom random = new SecureRandom();

  /** Returns 128 random bits as 22 characters. */
  String next() {
    byte[] id = new byte[BYTES];
    random.nextBytes(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }

  /** Returns whether a text may be an id; others name no file and no key. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }
}
