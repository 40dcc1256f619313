package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.LogConfig.Requests;
import dev.glimpse.failure.Failure;
import dev.glimpse.metrics.LogContext;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.AsyncResult;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Logs a line for each request that has failed, or for every request ({@code
 * glimpse.log.requests}): method, path, status, code of the failure, model, milliseconds, bytes of
 * the body, id, and the caller's name where it is known. What the client chose is shortened, and
 * {@linkplain RequestLine escaped}.
 */
@ApplicationScoped
public class RequestLog {

  private static final Logger LOG = Logger.getLogger("dev.glimpse.requests");

  /** After the drain, which counts the request, and before everything else. */
  private static final int SECOND = 15_000;

  private static final int MOST_LINES = 10;
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private static final int FIRST_ERROR = 400;
  private static final int FIRST_FAULT = 500;

  private static final String KEY = "glimpse.request-log";

  /** When the last request of a connection was refused because its body is not valid HTTP. */
  private static final AttributeKey<Long> REFUSED = AttributeKey.valueOf("glimpse.refused");

  /** What is known of a request when it ends. Written by its threads, read when it ends. */
  private static final class Entry {

    private final long started;
    private volatile @Nullable String model;
    private volatile @Nullable String caller;
    private volatile @Nullable String code;
    private volatile int status;

    private Entry(long started) {
      this.started = started;
    }
  }

  private final Requests which;
  private final LongSupplier clock;
  private final LogRate rate;

  @Inject
  public RequestLog(GlimpseConfig config) {
    this(config, System::nanoTime);
  }

  /**
   * Creates a log.
   *
   * @param clock in nanoseconds
   */
  RequestLog(GlimpseConfig config, LongSupplier clock) {
    this.which = config.log().requests();
    this.clock = clock;
    this.rate = new LogRate(MOST_LINES, PERIOD, clock);
  }

  void register(@Observes Filters filters) {
    if (which != Requests.NONE) {
      filters.register(this::begin, SECOND);
    }
  }

  /** Logs what has been left out since the last line. */
  void stop(@Observes ShutdownEvent event) {
    logLeftOut(rate.takeLeftOut());
  }

  /** Notes the model of a request. */
  static void model(RoutingContext context, String name) {
    Entry entry = context.get(KEY);
    if (entry != null) {
      entry.model = name;
    }
  }

  /** Notes who has sent a request. */
  static void caller(RoutingContext context, String name) {
    Entry entry = context.get(KEY);
    if (entry != null) {
      entry.caller = name;
    }
  }

  /**
   * Notes the failure of a request.
   *
   * @param code that of a {@link Failure}
   */
  public static void failed(RoutingContext context, String code) {
    Entry entry = context.get(KEY);
    if (entry != null) {
      entry.code = code;
    }
    RequestTracing.of(context).failed(code);
  }

  /**
   * Notes the failure of a request whose response has a status of another protocol.
   *
   * @param failure whose status is logged
   */
  public static void failed(RoutingContext context, Failure failure) {
    Entry entry = context.get(KEY);
    if (entry != null) {
      entry.status = failure.status();
    }
    failed(context, failure.code());
  }

  /**
   * Notes that a connection's last request, which is in progress, has been answered with {@link
   * Failure#MALFORMED_REQUEST} below the endpoints, which only see that the connection ends.
   */
  public static void refused(Channel connection) {
    connection.attr(REFUSED).set(System.nanoTime());
  }

  /**
   * Logs a request that was refused before it reached the platform.
   *
   * @param path without the query; a dash if it is not known
   * @param reason what it was answered with
   */
  public void refused(String method, String path, Failure reason, String id) {
    if (which != Requests.NONE) {
      log(
          new RequestLine(
              method, path, reason.status(), reason.code(), null, 0, 0, id, null, null));
    }
  }

  void begin(RoutingContext context) {
    Entry entry = new Entry(clock.getAsLong());
    context.put(KEY, entry);
    context.addEndHandler(ended -> end(context, entry, ended));
    context.next();
  }

  private void end(RoutingContext context, Entry entry, AsyncResult<Void> ended) {
    long now = clock.getAsLong();
    int status = entry.status > 0 ? entry.status : context.response().getStatusCode();
    String code = entry.code;
    if (!GrpcExchange.isAnswered(context, ended)) {
      Long refused = refusedAt(context);
      Failure failure = refused == null ? Failure.CLIENT_GONE : Failure.MALFORMED_REQUEST;
      now = refused == null ? now : refused;
      status = failure.status();
      code = failure.code();
    }
    if (which != Requests.FAILURES || status >= FIRST_ERROR) {
      log(context, entry, status, code, Math.max(now - entry.started, 0));
    }
  }

  private static @Nullable Long refusedAt(RoutingContext context) {
    return context.request().connection() instanceof ConnectionBase connection
        ? connection.channel().attr(REFUSED).get()
        : null;
  }

  private void log(
      RoutingContext context, Entry entry, int status, @Nullable String code, long nanos) {
    log(
        new RequestLine(
            context.request().method().name(),
            context.request().path(),
            status,
            code,
            entry.model,
            TimeUnit.NANOSECONDS.toMillis(nanos),
            context.request().bytesRead(),
            RequestId.of(context),
            entry.caller,
            RequestTracing.of(context).context()));
  }

  /** Writes a line, unless there have been too many. */
  private void log(RequestLine line) {
    int leftOut = rate.next();
    if (leftOut != LogRate.LEAVE_OUT) {
      logLeftOut(leftOut);
      Logger.Level level = line.status() < FIRST_FAULT ? Logger.Level.INFO : Logger.Level.WARN;
      LogContext.of(line.fields()).run(() -> LOG.log(level, line.text()));
    }
  }

  private static void logLeftOut(int count) {
    if (count > 0) {
      LOG.infof("%d more requests were not logged.", count);
    }
  }
}
