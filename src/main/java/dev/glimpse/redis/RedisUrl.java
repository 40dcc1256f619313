package dev.glimpse.redis;

import java.net.URI;

/** The address of a Redis, with its password. Not a record, whose text would show that. */
final class RedisUrl {

  private static final int PORT = 6379;

  private final String text;
  private final URI uri;

  private RedisUrl(String text) {
    this.text = text;
    this.uri = URI.create(text);
  }

  /** Reads {@code redis[s]://[[user]:password@]host[:port][/database]}. */
  static RedisUrl of(String text) {
    int at = text.lastIndexOf('@');
    // The library takes a plus sign for a space.
    return new RedisUrl(
        at < 0 ? text : text.substring(0, at).replace("+", "%2B") + text.substring(at));
  }

  /** Returns host and port, for messages. */
  String server() {
    return uri.getHost() + ":" + (uri.getPort() < 0 ? PORT : uri.getPort());
  }

  boolean isEncrypted() {
    return uri.getScheme().equals("rediss");
  }

  /** Returns all of it, as the library reads it. */
  String withPassword() {
    return text;
  }

  /** Returns host and port. */
  @Override
  public String toString() {
    return server();
  }
}
