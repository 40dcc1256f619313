package dev.glimpse.remote;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds the parts of a URL, spelt so that all programs read them alike. Forms that one program
 * takes for a name and another for an address ({@code 0177.1}, {@code 2130706433}, {@code ①.①.①.①},
 * {@code user@host}) are rejected.
 *
 * @param secure whether the scheme is https
 * @param host in lower case: a name with a dot in it, an IPv4 address in four decimal numbers, or
 *     an IPv6 address in brackets
 * @param path with its query, beginning with a slash
 */
record Target(boolean secure, String host, int port, String path) {

  /** The longest URL in characters, about as long as servers accept. */
  private static final int LONGEST = 2048;

  private static final Pattern URL =
      Pattern.compile("(https?)://([^/?#]*)([/?][^#]*)?(#.*)?", Pattern.CASE_INSENSITIVE);

  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::([1-9][0-9]{0,4}))?");

  private static final Pattern PATH =
      Pattern.compile("(?:[A-Za-z0-9._~:/?\\[\\]@!$&'()*+,;=-]++|%[0-9A-Fa-f]{2})*+");

  /** The last label begins with a letter, as in every top-level domain and in no number. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");

  /**
   * Parses a URL.
   *
   * @throws IllegalArgumentException if it is not a URL of http or https, or is spelt in an unusual
   *     form; the message is for the client, and begins with a verb
   */
  static Target of(String url) {
    if (url.length() > LONGEST) {
      throw new IllegalArgumentException("must be no longer than " + LONGEST + " characters");
    }
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("must begin with https://");
    }
    Matcher authority = AUTHORITY.matcher(parts.group(2));
    if (!authority.matches()) {
      throw new IllegalArgumentException(
          "must have a plain host name, and no user, password or encoded character before the"
              + " path");
    }
    String host = authority.group(1).toLowerCase(Locale.ROOT);
    if (!host.startsWith("[") && !IPV4.matcher(host).matches() && !NAME.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "must have a full host name, or an address in the usual form");
    }
    String path = parts.group(3) == null ? "/" : parts.group(3);
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "must have all other characters than RFC 3986 allows percent-encoded");
    }
    boolean secure = parts.group(1).length() == "https".length();
    int port = secure ? 443 : 80;
    return new Target(
        secure,
        host,
        authority.group(2) == null ? port : Integer.parseInt(authority.group(2)),
        path.startsWith("/") ? path : "/" + path);
  }

  /** Returns an absolute URL, against which redirects are resolved. */
  String url() {
    return (secure ? "https://" : "http://") + host + ":" + port + path;
  }
}
