package dev.glimpse.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which clients may ask: all, unless {@link #keys} or {@link #jwt} is set. Then each request needs
 * a key or a token, but for probes.
 */
public interface AuthConfig {

  /**
   * A file with a line for each key: a name, the key's SHA-256, the roles {@code predict}, {@code
   * observe} and {@code admin}, and possibly {@code rate=10/s}. {@code glimpse keys new} makes keys
   * and lines. It is read again when it changes. Default: no keys.
   */
  Optional<Path> keys();

  /** Which tokens count. */
  JwtConfig jwt();
}
