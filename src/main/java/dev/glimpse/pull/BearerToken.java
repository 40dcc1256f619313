package dev.glimpse.pull;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Holds a bearer token for one server. It is sent to that server only and appears in no message.
 */
public final class BearerToken {

  /** Visible ASCII: what a header's value may hold. */
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

  private final URI server;
  private final String token;

  private BearerToken(URI server, String token) {
    this.server = server;
    this.token = token;
  }

  /**
   * Creates the token of a server.
   *
   * @param variable the environment variable that holds it, for messages
   * @param token as the user wrote it; white space around it is removed
   * @return empty if the token is blank
   * @throws FetchException if the token has characters other than visible ASCII, or the address is
   *     not valid
   */
  public static Optional<BearerToken> of(String address, String variable, String token) {
    String written = token.strip();
    if (written.isEmpty()) {
      return Optional.empty();
    }
    if (!TOKEN.matcher(written).matches()) {
      throw new FetchException(
          variable
              + " is not a valid token: it has spaces, line breaks or other characters than visible"
              + " ASCII. Correct it, or leave it empty.");
    }
    return Optional.of(new BearerToken(DownloadUrls.of(address), written));
  }

  /**
   * Refuses to send a token in the clear, even to this machine, where other users may listen.
   *
   * @throws FetchException if there is a token and the address is not https
   */
  public static void requireEncrypted(String address, String variable, String token) {
    if (!token.isBlank() && address.regionMatches(true, 0, "http:", 0, 5)) {
      throw new FetchException(
          "%s is not sent to %s over plain http; unset it, or use https."
              .formatted(variable, address));
    }
  }

  /** Returns whether an address is on that server: same scheme, host and port. */
  boolean isFor(URI address) {
    return server.getScheme().equalsIgnoreCase(address.getScheme())
        && server.getHost().equalsIgnoreCase(address.getHost())
        && port(server) == port(address);
  }

  private static int port(URI address) {
    return address.getPort() < 0 ? 443 : address.getPort();
  }

  /** Returns the value of the {@code Authorization} header. */
  String header() {
    return "Bearer " + token;
  }
}
