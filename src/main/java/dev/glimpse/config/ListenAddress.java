package dev.glimpse.config;

/**
 * An address of this machine, and a port to open there.
 *
 * @param host an address or a name, without brackets
 * @param port 0 to 65535; 0 is any free one
 */
public record ListenAddress(String host, int port) {

  /**
   * Reads a setting such as {@code 9000}, {@code 127.0.0.1:9000} or {@code [::1]:9000}.
   *
   * @param text as {@link ManagementConfig#listen} allows it
   * @param defaultHost the host where it names none
   */
  public static ListenAddress parse(String text, String defaultHost) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? defaultHost : text.substring(0, colon);
    return new ListenAddress(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(text.substring(colon + 1)));
  }

  /** Returns the same address with another port. */
  public ListenAddress withPort(int number) {
    return new ListenAddress(host, number);
  }

  /** Returns the address as it is set. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
