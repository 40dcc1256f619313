package dev.glimpse.api.connections;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.HttpConfig;
import java.time.Duration;

/**
 * Holds the limits of connections.
 *
 * @param connections how many may be open
 * @param notStarted how many more may have been accepted and wait to be opened
 * @param perAddress how many of them from one client address
 * @param streams how many HTTP/2 streams each may have open
 * @param allStreams how many HTTP/2 streams all may have open, besides one for each
 * @param unreadBytes how many bytes of responses clients may leave unread, all together
 * @param unusedBytes how much of a body may still arrive after its request has been answered
 * @param headerNanos how long the head of a request may take to arrive
 * @param idleNanos how long a connection may stay open without a request
 * @param writeNanos how long a client may leave a response unread without taking any of it
 * @param minRate the least bytes a second of unread responses that a client may take after that; 0:
 *     any
 */
record ConnectionLimits(
    int connections,
    int notStarted,
    int perAddress,
    int streams,
    int allStreams,
    long unreadBytes,
    long unusedBytes,
    long headerNanos,
    long idleNanos,
    long writeNanos,
    long minRate) {

  /** The default of {@code glimpse.http.max-connections} where files and memory allow as many. */
  private static final int DEFAULT_CONNECTIONS = 2048;

  /** The rest is for connections that have been accepted and wait to be opened. */
  private static final double SHARE_OF_FILES = 7 / 8.0;

  /**
   * One of these for each connection, which takes about 60 kB with a request that is arriving; a
   * stream takes 13 kB in an executable.
   */
  private static final int HEAP_OF_ONE = 256 << 10;

  /** One connection may have this part of all unread bytes. */
  private static final int CONNECTIONS_SHARE = 16;

  /** As {@code api.http.BodyReader} does with the bodies that it refuses. */
  private static final int LARGEST_BODIES_IGNORED = 4;

  /** More than clients make at a moment who mean well. */
  private static final int MOST_NOT_STARTED = 1024;

  /** Fewer than this are worth a warning, where it is for want of files. */
  private static final int FEW_CONNECTIONS = 128;

  /** No time. */
  static final long NEVER = Long.MIN_VALUE;

  /**
   * Reads the settings.
   *
   * @param spareFiles how many files the process may still open
   * @param heap the most bytes of the Java heap
   */
  static ConnectionLimits of(GlimpseConfig config, int spareFiles, long heap) {
    HttpConfig http = config.http();
    int connections = http.maxConnections().orElse(defaultConnections(spareFiles, heap));
    return new ConnectionLimits(
        connections,
        Math.max(1, Math.min(MOST_NOT_STARTED, spareFiles - connections)),
        http.maxConnectionsPerAddress().orElse(Integer.MAX_VALUE),
        http.maxStreams(),
        Math.max(http.maxStreams(), Math.max(connections, ofHeap(heap))),
        http.maxUnread().asLongValue(),
        LARGEST_BODIES_IGNORED * config.image().maxBytes().asLongValue(),
        nanos(http.headerTimeout()),
        nanos(http.idleTimeout()),
        nanos(http.writeTimeout()),
        http.minRate().asLongValue());
  }

  private static int defaultConnections(int spareFiles, long heap) {
    return Math.min((int) (spareFiles * SHARE_OF_FILES), ofHeap(heap));
  }

  private static int ofHeap(long heap) {
    return (int) Math.min(DEFAULT_CONNECTIONS, heap / HEAP_OF_ONE);
  }

  private static long nanos(Duration time) {
    return time.toNanos();
  }

  /**
   * Returns whether only few connections may be open, because the process may open only few files.
   *
   * @param spareFiles how many files the process may still open
   */
  boolean areFewForWantOfFiles(int spareFiles) {
    return connections < FEW_CONNECTIONS && connections == (int) (spareFiles * SHARE_OF_FILES);
  }

  /** Returns how many bytes one connection may leave unread before it gets no further streams. */
  long unreadBytesOfOne() {
    return unreadBytes / CONNECTIONS_SHARE;
  }
}
