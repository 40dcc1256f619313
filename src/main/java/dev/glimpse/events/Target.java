package dev.glimpse.events;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** Where events go, and the credentials of that address. Not a record, whose text shows them. */
final class Target {

  private static final int LAST_PORT = 65_535;

  private final URI address;
  private final Optional<String> authorization;

  private Target(URI address, Optional<String> authorization) {
    this.address = address;
    this.authorization = authorization;
  }

  /**
   * Reads {@code http[s]://[user[:password]@]host[:port]…} or {@code file:/path}.
   *
   * @throws ConfigurationException if it is malformed; the message does not repeat it
   */
  static Target of(String text) {
    try {
      URI uri = new URI(text);
      String credentials = uri.getRawUserInfo();
      if (credentials == null) {
        return new Target(checked(uri), Optional.empty());
      }
      int at = text.indexOf('@');
      URI without = new URI(uri.getScheme() + "://" + text.substring(at + 1));
      return new Target(checked(without), Optional.of(basic(credentials)));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static URI checked(URI uri) {
    if (uri.getScheme().equals("file") ? uri.getPath() == null : uri.getHost() == null) {
      throw malformed();
    }
    if (uri.getPort() > LAST_PORT || uri.getPort() == 0) {
      throw malformed();
    }
    if (uri.getScheme().equals("file") && uri.getPath().indexOf('\0') >= 0) {
      throw malformed();
    }
    return uri;
  }

  private static ConfigurationException malformed() {
    return new ConfigurationException(
        "glimpse.events must be an address such as https://events.example.com/predictions or"
            + " file:/var/log/predictions.jsonl, with special characters percent-encoded, and a port"
            + " from 1 to 65535.");
  }

  /** Returns the header for a user and a password in their URL-encoded form. */
  private static String basic(String credentials) {
    String plain = URLDecoder.decode(credentials.replace("+", "%2B"), StandardCharsets.UTF_8);
    String both = plain.contains(":") ? plain : plain + ":";
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  boolean isFile() {
    return address.getScheme().equals("file");
  }

  /** Returns the file's path. */
  Path path() {
    return Path.of(address.getPath());
  }

  /** Returns it without user and password. */
  URI address() {
    return address;
  }

  /** Returns the header {@code Authorization} of user and password; empty if there are none. */
  Optional<String> authorization() {
    return authorization;
  }
}
