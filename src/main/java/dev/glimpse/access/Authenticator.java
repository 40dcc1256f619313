package dev.glimpse.access;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.JwtConfig;
import dev.glimpse.config.ReloadedFile;
import dev.glimpse.digest.Sha256;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Identifies callers: by their keys, which are in the file of {@code glimpse.auth.keys}, by tokens
 * of {@code glimpse.auth.jwt.issuer}, and the administrator by {@code glimpse.admin.token}. Is off,
 * so that requests need no key, unless the first or the second is set. For many threads at once.
 */
@ApplicationScoped
public class Authenticator {

  private static final Caller ADMINISTRATOR =
      new Caller(Caller.ADMIN_TOKEN, EnumSet.of(Role.ADMIN), Optional.empty());

  private final @Nullable ReloadedFile<KeyRing> keys;
  private final @Nullable TokenVerifier tokens;
  private final byte @Nullable [] adminToken;

  @Inject
  Authenticator(GlimpseConfig config) {
    this(config, System::nanoTime);
  }

  /**
   * Reads the file of keys, and that of an issuer's keys, if there are any.
   *
   * @param clock in nanoseconds
   * @throws ConfigurationException if one cannot be read, or settings are missing
   */
  Authenticator(GlimpseConfig config, LongSupplier clock) {
    this.keys =
        config
            .auth()
            .keys()
            .map(file -> new ReloadedFile<>(file, "glimpse.auth.keys", KeyFile::parse, clock))
            .orElse(null);
    this.tokens = tokens(config.auth().jwt(), clock);
    this.adminToken = config.admin().token().map(Authenticator::hash).orElse(null);
  }

  private static @Nullable TokenVerifier tokens(JwtConfig config, LongSupplier clock) {
    if (config.keys().isEmpty() && config.issuer().isEmpty() && config.audience().isEmpty()) {
      return null;
    }
    if (config.keys().isEmpty() || config.issuer().isEmpty() || config.audience().isEmpty()) {
      throw new ConfigurationException(
          "Set all of glimpse.auth.jwt.keys, glimpse.auth.jwt.issuer and glimpse.auth.jwt.audience,"
              + " or none: a token counts only if all of them agree.");
    }
    return new TokenVerifier(config, new VerificationKeys(config.keys().get(), clock));
  }

  /** Returns whether requests need a key or a token. */
  public boolean isOn() {
    return keys != null || tokens != null;
  }

  /**
   * Returns the caller that a key belongs to. Takes microseconds, and once a second a look at a
   * file.
   */
  public Optional<Caller> withKey(String key) {
    byte[] hash = hash(key);
    if (adminToken != null && MessageDigest.isEqual(adminToken, hash)) {
      return Optional.of(ADMINISTRATOR);
    }
    return keys == null ? Optional.empty() : keys.get().find(hash);
  }

  /** Returns whether a credential should be verified as a token. */
  public boolean isToken(String credential) {
    return tokens != null && TokenVerifier.isToken(credential);
  }

  /**
   * Verifies a token, of which {@link #isToken} is true. Takes up to milliseconds, and seconds when
   * keys are fetched: not for an event loop.
   *
   * @throws dev.glimpse.failure.ServingException UNAUTHORIZED if the token does not count;
   *     NOT_READY if its issuer's keys cannot be fetched
   */
  public Caller withToken(String token) {
    if (tokens == null) {
      throw new IllegalStateException("glimpse.auth.jwt is not set");
    }
    return tokens.verify(token);
  }

  private static byte[] hash(String key) {
    return Sha256.of(key.getBytes(StandardCharsets.UTF_8));
  }
}
