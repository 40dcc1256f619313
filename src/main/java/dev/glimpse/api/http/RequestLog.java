package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.GlimpseConfig.Log.Requests;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.Printable;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.AsyncResult;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Logs a line for each request that has failed, or for every request ({@code
 * glimpse.log.requests}): method, path, status, code of the failure, model, milliseconds, bytes of
 * the body and id. What the client chose is shortened, and made {@linkplain Printable printable}.
 */
@ApplicationScoped
public class RequestLog {

  private static final Logger LOG = Logger.getLogger("dev.glimpse.requests");

  /** After the drain, which counts the request, and before everything else. */
  private static final int SECOND = 15_000;

  private static final int MOST_LINES_A_SECOND = 10;
  private static final int LONGEST_PATH = 200;
  private static final int LONGEST_METHOD = 20;
  private static final int FIRST_ERROR = 400;
  private static final int FIRST_FAULT = 500;

  private static final String KEY = "glimpse.request-log";

  /** What is known of a request when it ends. Written by its threads, read when it ends. */
  private static final class Entry {

    private final long started = System.nanoTime();
    private volatile String model = "-";
    private volatile @Nullable String code;
  }

  private final Requests which;
  private final LogRate rate = new LogRate(MOST_LINES_A_SECOND, System::nanoTime);

  RequestLog(GlimpseConfig config) {
    this.which = config.log().requests();
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
  }

  private void begin(RoutingContext context) {
    Entry entry = new Entry();
    context.put(KEY, entry);
    context.addEndHandler(ended -> end(context, entry, ended));
    context.next();
  }

  private void end(RoutingContext context, Entry entry, AsyncResult<Void> ended) {
    int status =
        ended.succeeded() ? context.response().getStatusCode() : Failure.CLIENT_GONE.status();
    if (which == Requests.FAILURES && status < FIRST_ERROR) {
      return;
    }
    int leftOut = rate.next();
    if (leftOut == LogRate.LEAVE_OUT) {
      return;
    }
    logLeftOut(leftOut);
    LOG.log(
        status < FIRST_FAULT ? Logger.Level.INFO : Logger.Level.WARN,
        line(
            context.request().method().name(),
            context.request().path(),
            status,
            ended.succeeded() ? entry.code : Failure.CLIENT_GONE.code(),
            entry.model,
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - entry.started),
            context.request().bytesRead(),
            RequestId.of(context)));
  }

  private static void logLeftOut(int count) {
    if (count > 0) {
      LOG.infof("And %d more requests, whose lines were left out.", count);
    }
  }

  static String line(
      String method,
      @Nullable String path,
      int status,
      @Nullable String code,
      String model,
      long millis,
      long bytes,
      String id) {
    return "%s %s %d code=%s model=%s ms=%d bytes=%d id=%s"
        .formatted(
            printable(method, LONGEST_METHOD),
            printable(path == null ? "-" : path, LONGEST_PATH),
            status,
            code == null ? "-" : code,
            model,
            millis,
            bytes,
            id);
  }

  private static String printable(String text, int longest) {
    return Printable.of(text.length() <= longest ? text : text.substring(0, longest) + "…");
  }
}
