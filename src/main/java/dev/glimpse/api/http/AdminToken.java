package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The secret of those who may change what the service does; see <a
 * href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750</a>.
 */
@ApplicationScoped
public class AdminToken {

  /** What a 401 says in {@code WWW-Authenticate}. */
  public static final String CHALLENGE = "Bearer";

  private static final String SCHEME = "Bearer ";

  private final Optional<String> token;

  AdminToken(GlimpseConfig config) {
    this.token = config.admin().token();
  }

  /**
   * Lets a request pass that holds the token.
   *
   * @throws ServingException UNAUTHORIZED if it does not; FORBIDDEN if there is no token
   */
  public void require(HttpServerRequest request) {
    require(request.getHeader(HttpHeaders.AUTHORIZATION));
  }

  void require(@Nullable String authorization) {
    String expected =
        token.orElseThrow(() ->
            new ServingException(
                Failure.FORBIDDEN, "This is not switched on: glimpse.admin.token is not set."));
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || !same(expected, authorization.substring(SCHEME.length()).strip())) {
      throw new ServingException(
          Failure.UNAUTHORIZED, "The header Authorization does not hold the admin token.");
    }
  }

  /** Takes as long for a good guess as for a bad one. */
  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
