package dev.glimpse.access;

import dev.glimpse.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A key that has just been made, and its line for the key file.
 *
 * @param key for the caller alone; it cannot be found from the line
 * @param line with its hash
 */
public record NewKey(String key, String line) {

  /** What keys begin with, so that tools that look for secrets in code find them. */
  private static final String PREFIX = "glimpse_";

  private static final int RANDOM_BYTES = 32;

  /**
   * Makes a key of 256 random bits.
   *
   * @param name the caller's; see {@link #isName}
   * @param roles none: the caller may predict
   */
  public static NewKey of(String name, List<Role> roles, Optional<String> rate) {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    StringBuilder line = new StringBuilder(name);
    line.append(' ').append(Sha256.hex(key.getBytes(StandardCharsets.US_ASCII)));
    (roles.isEmpty() ? List.of(Role.PREDICT) : roles)
        .forEach(role -> line.append(' ').append(role.word()));
    rate.ifPresent(text -> line.append(" rate=").append(text));
    return new NewKey(key, line.toString());
  }

  /** Returns whether a caller may have this name. */
  public static boolean isName(String name) {
    return KeyFile.NAME.matcher(name).matches();
  }
}
