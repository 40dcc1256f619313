package dev.glimpse.pull;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who asks, as one server wants to know it: told to that one only, and in no message. */
public final class BearerToken {

  /** What can stand in a header. */
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

  private final URI server;
  private final String token;

  private BearerToken(URI server, String token) {
    this.server = server;
    this.token = token;
  }

  /**
   * A token for a server.
   *
   * @param variable what holds it, for messages
   * @param token as somebody wrote it; of nothing but blanks, it is none
   * @throws FetchException if it cannot be one, or the address is none
   */
  public static Optional<BearerToken> of(String address, String variable, String token) {
    String written = token.strip();
    if (written.isEmpty()) {
      return Optional.empty();
    }
    if (!TOKEN.matcher(written).matches()) {
      throw new FetchException(variable + " holds no token: there are other characters in it.");
    }
    return Optional.of(new BearerToken(DownloadUrls.of(address), written));
  }

  /** Whether an address is that server's: not another's, nor its own on another way. */
  boolean isFor(URI address) {
    return server.getScheme().equalsIgnoreCase(address.getScheme())
        && server.getHost().equalsIgnoreCase(address.getHost())
        && port(server) == port(address);
  }

  private static int port(URI address) {
    return address.getPort() < 0 ? 443 : address.getPort();
  }

  /** The value of {@code Authorization}. */
  String header() {
    return "Bearer " + token;
  }
}
