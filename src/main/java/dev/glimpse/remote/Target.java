package dev.glimpse.remote;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a URL leads, in the plain spelling that everybody reads alike. What one program takes for a
 * name and another for an address ({@code 0177.1}, {@code 2130706433}, {@code ①.①.①.①}, {@code
 * user@host}) is none.
 *
 * @param secure whether it is https
 * @param host in lower case: a name with a dot in it, an IPv4 address in four decimal numbers, or
 *     an IPv6 address in brackets
 * @param path with its query, beginning with a slash
 */
record Target(boolean secure, String host, int port, String path) {

  /** Servers take about so much. */
  private static final int LONGEST = 2048;

  private static final Pattern URL =
      Pattern.compile("(https?)://([^/?#]*)([/?][^#]*)?(#.*)?", Pattern.CASE_INSENSITIVE);

  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::([1-9][0-9]{0,4}))?");

  private static final Pattern PATH =
      Pattern.compile("(?:[A-Za-z0-9._~:/?\\[\\]@!$&'()*+,;=-]++|%[0-9A-Fa-f]{2})*+");

  /** The last label begins with a letter, as every top-level domain does and no number. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");

  /**
   * Takes a URL apart.
   *
   * @throws IllegalArgumentException if it is none, or is oddly spelt; the message is for the
   *     client, and begins with a verb
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
          "must name its host plainly, and hold no user, password or encoded character before the"
              + " path");
    }
    String host = authority.group(1).toLowerCase(Locale.ROOT);
    if (!host.startsWith("[") && !IPV4.matcher(host).matches() && !NAME.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "must name its host in full, or by its address in the usual form");
    }
    String path = parts.group(3) == null ? "/" : parts.group(3);
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException("must have its unusual characters percent-encoded");
    }
    boolean secure = parts.group(1).length() == "https".length();
    int port = secure ? 443 : 80;
    return new Target(
        secure,
        host,
        authority.group(2) == null ? port : Integer.parseInt(authority.group(2)),
        path.startsWith("/") ? path : "/" + path);
  }

  /** As a URL that can be resolved against. */
  String url() {
    return (secure ? "https://" : "http://") + host + ":" + port + path;
  }
}
