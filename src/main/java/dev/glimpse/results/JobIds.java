package dev.glimpse.results;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** Makes the ids of jobs. */
final class JobIds {

  private static final int BYTES = 16;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{22}");

  private JobIds() {}

  /** Returns 128 random bits as 22 characters. */
  static String next() {
    byte[] id = new byte[BYTES];
    new SecureRandom().nextBytes(id); // made here, so that nothing is made where no job is
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }

  /** Returns whether a text may be an id; others name no file and no key. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }
}
