package dev.glimpse.api.live;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a handshake (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1">RFC 6455,
 * section 4.2.1</a>) before a connection is counted: Vert.x would answer a wrong one by itself, and
 * not with a problem.
 */
final class Handshake {

  private static final String WEBSOCKET = "websocket";
  private static final String VERSION = "13";
  private static final String VERSION_HEADER = "Sec-WebSocket-Version";
  private static final String KEY_HEADER = "Sec-WebSocket-Key";

  /** 16 bytes in base64. */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{21}[AQgw]==");

  private Handshake() {}

  /**
   * Refuses what is no handshake.
   *
   * @throws ServingException UPGRADE_REQUIRED or MALFORMED_REQUEST
   */
  static void require(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      throw malformed("WebSockets are opened with HTTP/1.1 here.");
    }
    if (!request.headers().contains(HttpHeaders.UPGRADE, WEBSOCKET, true) || !upgrades(request)) {
      throw upgradeRequired(
          "This address is for WebSockets; for one image, send a POST to /predict.");
    }
    if (!VERSION.equals(request.getHeader(VERSION_HEADER))) {
      throw upgradeRequired(
          "WebSockets of version 13 are spoken; say so in Sec-WebSocket-Version.");
    }
    if (!isKey(request.getHeader(KEY_HEADER))) {
      throw malformed("Sec-WebSocket-Key must be 16 bytes in base64.");
    }
    if (hasBody(request)) {
      throw malformed("A handshake has no body; send the images as messages.");
    }
  }

  /** Adds to a refusal what a client should do. */
  static void advise(HttpServerResponse response, ServingException refusal) {
    if (refusal.failure() == Failure.UPGRADE_REQUIRED) {
      response
          .putHeader(HttpHeaders.UPGRADE, WEBSOCKET)
          .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
          .putHeader(VERSION_HEADER, VERSION);
    }
  }

  /** Returns whether the connection's options name an upgrade: Firefox writes another first. */
  private static boolean upgrades(HttpServerRequest request) {
    return request.headers().getAll(HttpHeaders.CONNECTION).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .anyMatch(option -> option.strip().equalsIgnoreCase("upgrade"));
  }

  private static boolean isKey(@Nullable String key) {
    return key != null && KEY.matcher(key.strip()).matches();
  }

  /**
   * Returns whether a body is announced. Vert.x would collect it before it answers, while the
   * connection is counted already, for as long as the client cares to withhold it.
   */
  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.strip().equals("0"));
  }

  private static ServingException malformed(String detail) {
    return new ServingException(Failure.MALFORMED_REQUEST, detail);
  }

  private static ServingException upgradeRequired(String detail) {
    return new ServingException(Failure.UPGRADE_REQUIRED, detail);
  }
}
