package dev.glimpse.api.http;

import dev.glimpse.access.Role;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the bearer token that operators send to change what the service serves; see <a
 * href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750</a>.
 */
@ApplicationScoped
public class AdminToken {

  /** The value of {@code WWW-Authenticate} in a 401. */
  public static final String CHALLENGE = "Bearer";

  private static final String SCHEME = "Bearer ";

  private final Optional<String> token;

  AdminToken(GlimpseConfig config) {
    this.token = config.admin().token();
  }

  /**
   * Checks that a request holds the token. Where requests need keys, its caller has the role of an
   * administrator already, by whichever key.
   *
   * @throws ServingException UNAUTHORIZED if it does not; FORBIDDEN if none is configured
   */
  public void require(RoutingContext context) {
    if (RequestCaller.of(context).filter(caller -> caller.may(Role.ADMIN)).isEmpty()) {
      require(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    }
  }

  void require(@Nullable String authorization) {
    String expected =
        token.orElseThrow(() ->
            new ServingException(
                Failure.FORBIDDEN, "This endpoint is disabled: glimpse.admin.token is not set."));
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || !same(expected, authorization.substring(SCHEME.length()).strip())) {
      throw new ServingException(
          Failure.UNAUTHORIZED, "The header Authorization does not hold the admin token.");
    }
  }

  /** Compares in constant time, so that the time taken reveals nothing about the token. */
  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
