package dev.glimpse.api.access;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Finds the key or token that a request carries: in {@code Authorization: Bearer} (<a
 * href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750</a>) or in {@code X-API-Key};
 * for WebSockets of browsers, which cannot set headers, also in a subprotocol. Never in the
 * address, which ends up in logs.
 */
final class Credential {

  /** The header for clients that cannot set {@code Authorization}. */
  static final String KEY_HEADER = "X-API-Key";

  /** What a subprotocol with a key begins with; the key follows, in base64url. */
  static final String KEY_PROTOCOL = "glimpse.key.";

  private static final String AUTHORIZATION = "Authorization";
  private static final String SCHEME = "Bearer ";

  private Credential() {}

  /**
   * Returns what the headers hold; empty if they hold nothing.
   *
   * @throws ServingException UNAUTHORIZED if they hold something else, or several
   */
  static Optional<String> of(MultiMap headers) {
    List<String> authorizations = headers.getAll(AUTHORIZATION);
    List<String> keys = new ArrayList<>(headers.getAll(KEY_HEADER));
    if (headers.contains(HttpHeaders.UPGRADE, "websocket", true)) {
      keys.addAll(ofProtocols(headers));
    }
    if (authorizations.size() + keys.size() > 1) {
      throw new ServingException(
          Failure.UNAUTHORIZED, "Send one key or token, in Authorization or in X-API-Key.");
    }
    if (!authorizations.isEmpty()) {
      return Optional.of(bearer(authorizations.get(0)));
    }
    return keys.stream().map(String::strip).findFirst();
  }

  private static List<String> ofProtocols(MultiMap headers) {
    return headers.getAll("Sec-WebSocket-Protocol").stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(protocol -> protocol.startsWith(KEY_PROTOCOL))
        .map(protocol -> decoded(protocol.substring(KEY_PROTOCOL.length())))
        .toList();
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ServingException(
          Failure.UNAUTHORIZED, "The key in the subprotocol glimpse.key.… must be in base64url.");
    }
  }

  private static String bearer(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new ServingException(
          Failure.UNAUTHORIZED, "The header Authorization must be Bearer and a key or token.");
    }
    return authorization.substring(SCHEME.length()).strip();
  }
}
