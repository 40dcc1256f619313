package dev.glimpse.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What is asked of clients. */
public interface HttpConfig {

  /**
   * Connections that may be open. For one more, the connection that has been without a request for
   * the longest time is closed; if all have one, the new connection is. Default: 2048, or as many
   * as the process may open files ({@code ulimit -n}) if that is less. Raise it for more clients at
   * a time; each idle one takes about 10 kB.
   */
  @Min(1)
  @Max(1_000_000)
  OptionalInt maxConnections();

  /**
   * Connections that may be open from one client address, or from one /64 network of IPv6; a
   * further one is closed. Default: no limit, because behind a proxy, a load balancer or Knative's
   * queue-proxy all clients have one address. Set it where clients connect directly.
   */
  @Min(1)
  @Max(1_000_000)
  OptionalInt maxConnectionsPerAddress();

  /**
   * HTTP/2 streams that a connection may have open, also before it has acknowledged the limit; a
   * further one is refused, and clients open it later. All connections together have a bound, too:
   * one stream for each 256 kB of the heap. Raise it for a proxy that sends all requests over few
   * connections.
   */
  @WithDefault("100")
  @Min(1)
  @Max(100_000)
  int maxStreams();

  /**
   * Bytes of responses that clients may leave unread, over all connections; beyond it, the
   * connection that has not read for the longest time is closed. A connection with a sixteenth of
   * it gets no further HTTP/2 stream. Raise it for large responses to many slow clients; lower it
   * where memory is scarce.
   */
  @WithDefault("32M")
  MemorySize maxUnread();

  /**
   * The time that the head of a request may take to arrive, from its first byte; then the
   * connection is closed. Raise it for very slow networks.
   */
  @WithDefault("10s")
  @DurationMin(millis = 1)
  @DurationMax(days = 1)
  Duration headerTimeout();

  /**
   * The time after which a connection without a request is closed. Keep it above the time for which
   * a load balancer keeps its connections (600 seconds on Google Cloud), or it may send a request
   * over a connection that is being closed.
   */
  @WithDefault("11m")
  @DurationMin(millis = 1)
  @DurationMax(days = 1)
  Duration idleTimeout();

  /**
   * The time for which a client may read nothing of a response that it has not read; then the
   * connection is closed. It is also closed if a response has been waiting for longer than this,
   * and the client has read more slowly than {@link #minRate} since. Raise it for clients that
   * pause while they read.
   */
  @WithDefault("30s")
  @DurationMin(millis = 1)
  @DurationMax(days = 1)
  Duration writeTimeout();

  /**
   * The least bytes a second of a body, counted after its first five seconds; a slower one is
   * answered with 408. A body that takes longer than a quarter of a second gives up its slot when
   * another request needs one, and one that makes less than a second's progress in a second its
   * memory: it is ended with 408 if another request waits for that. Raise it where clients are
   * near; lower it for slow networks: responses have to be read as fast, on average, once they have
   * waited for {@link #writeTimeout}. 0 lets each body take {@code glimpse.queue.body-timeout}, and
   * keep what it holds, and responses be read however slowly.
   */
  @WithDefault("1K")
  MemorySize minRate();

  /**
   * Requests that each caller may send, such as {@code 10/s}, {@code 600/m} or {@code 5000/h}, also
   * all at once; for one more the answer is 429. Callers with a key are told apart by its name,
   * others by their address. A key may have a rate of its own. Default: no limit.
   */
  Optional<
          @Pattern(
              regexp = "[1-9][0-9]{0,8}/[smh]",
              message = "must be a number of requests per s, m or h such as 10/s")
          String>
      rate();

  /**
   * Addresses and networks of proxies, such as {@code 10.0.0.0/8}, that add their client's address
   * to {@code X-Forwarded-For}. Default: none, and each connection's own address counts.
   */
  Optional<
          List<
              @Pattern(
                  regexp =
                      "((25[0-5]|(2[0-4]|1[0-9]|[1-9])?[0-9])(\\.(25[0-5]|(2[0-4]|1[0-9]|[1-9])?[0-9])){3}"
                          + "(/(3[0-2]|[12]?[0-9]))?"
                          + "|[0-9A-Fa-f:]{2,39}(/(12[0-8]|(1[01]|[1-9])?[0-9]))?)",
                  message = "must be an address or a network such as 10.0.0.0/8")
              String>>
      trustedProxies();
}
