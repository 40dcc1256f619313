package dev.glimpse.access;

import dev.glimpse.config.ReloadedFile;
import dev.glimpse.config.ReloadedFile.InvalidTextException;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jose4j.http.Get;
import org.jose4j.http.SimpleGet;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Finds the public key of a token among an issuer's JSON Web Key Set (<a
 * href="https://www.rfc-editor.org/rfc/rfc7517">RFC 7517</a>), which lies in a file or at a URL. A
 * URL is fetched when the first token comes, and again when the time of its {@code Cache-Control}
 * has passed, or ten minutes without one, or a token names an unknown key, every ten seconds at
 * most. If it cannot be fetched, the keys fetched before remain in use, and it is fetched again
 * after a minute.
 */
final class VerificationKeys implements VerificationKeyResolver {

  /** How a setting names keys that are fetched; plain HTTP is for this machine only. */
  private static final Pattern URL =
      Pattern.compile(
          "https://[^/].*|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?(/.*)?");

  private static final Logger LOG = Logger.getLogger(VerificationKeys.class);

  private static final String SETTING = "glimpse.auth.jwt.keys";
  private static final int TIMEOUT_MILLIS = 3000;
  private static final int LARGEST_SET = 512 << 10;
  private static final Duration CACHED = Duration.ofMinutes(10);
  private static final Duration REFETCHED_AFTER = Duration.ofSeconds(10);
  private static final Duration RETRIED_AFTER = Duration.ofMinutes(1);

  private final VerificationKeyResolver resolver;

  /**
   * Reads a file of keys; fetches nothing yet.
   *
   * @param place the path of a file, or a URL
   * @param clock in nanoseconds
   * @throws ConfigurationException if the file cannot be read or understood
   */
  VerificationKeys(String place, LongSupplier clock) {
    this(place, clock, REFETCHED_AFTER, RETRIED_AFTER);
  }

  /**
   * As the other constructor.
   *
   * @param refetchedAfter how soon a URL may be fetched again
   * @param retriedAfter how soon after a failure; whole seconds
   */
  VerificationKeys(
      String place, LongSupplier clock, Duration refetchedAfter, Duration retriedAfter) {
    if (URL.matcher(place).matches()) {
      resolver = fetched(place, refetchedAfter, retriedAfter);
    } else if (place.contains("://")) {
      throw new ConfigurationException(
          SETTING
              + " must be an https:// address or the path of a file, so that no one on the way"
              + " can replace the keys.");
    } else {
      ReloadedFile<VerificationKeyResolver> file =
          new ReloadedFile<>(Path.of(place), SETTING, VerificationKeys::parse, clock);
      resolver = (signature, nesting) -> file.get().resolveKey(signature, nesting);
    }
  }

  private static VerificationKeyResolver fetched(
      String url, Duration refetchedAfter, Duration retriedAfter) {
    Get get = new Get();
    get.setConnectTimeout(TIMEOUT_MILLIS);
    get.setReadTimeout(TIMEOUT_MILLIS);
    get.setRetries(0);
    get.setResponseBodySizeLimit(LARGEST_SET);
    HttpsJwks jwks = new HttpsJwks(url);
    jwks.setSimpleHttpGet(logging(get));
    jwks.setDefaultCacheDuration(CACHED.toSeconds());
    jwks.setRefreshReprieveThreshold(refetchedAfter.toMillis());
    // How long the keys count without another attempt, which may fail in its turn.
    jwks.setRetainCacheOnErrorDuration(retriedAfter.toSeconds());
    HttpsJwksVerificationKeyResolver resolver = new HttpsJwksVerificationKeyResolver(jwks);
    resolver.setDisambiguateWithVerifySignature(true);
    return resolver;
  }

  private static SimpleGet logging(Get get) {
    return url -> {
      try {
        return get.get(url);
      } catch (IOException e) {
        LOG.warnf(
            "The keys of %s cannot be fetched: %s. Those fetched before still count.", SETTING, e);
        throw e;
      }
    };
  }

  private static VerificationKeyResolver parse(String text) {
    List<JsonWebKey> keys;
    try {
      keys = new JsonWebKeySet(text).getJsonWebKeys();
    } catch (JoseException e) {
      throw new InvalidTextException("it holds no JSON Web Key Set, {\"keys\": […]}");
    }
    if (keys.stream().noneMatch(PublicJsonWebKey.class::isInstance)) {
      throw new InvalidTextException(
          "none of its keys is a public key of a type that is known (RSA, EC, OKP)");
    }
    JwksVerificationKeyResolver resolver = new JwksVerificationKeyResolver(keys);
    resolver.setDisambiguateWithVerifySignature(true);
    return resolver;
  }

  @Override
  public Key resolveKey(JsonWebSignature signature, List<JsonWebStructure> nesting)
      throws UnresolvableKeyException {
    return resolver.resolveKey(signature, nesting);
  }
}
