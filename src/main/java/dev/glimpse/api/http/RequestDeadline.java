package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Computes how long a request may take: the caller's or its gateway's header, or else {@code
 * glimpse.deadline.default}; never more than {@code glimpse.deadline.max}. Two headers are read,
 * because clients and proxies already send them; if both are sent, the shorter one wins: <a
 * href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">{@code grpc-timeout}</a> by
 * callers, and <a
 * href="https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-expected-rq-timeout-ms">{@code
 * x-envoy-expected-rq-timeout-ms}</a> by Envoy and what is built on it, such as Istio.
 */
@ApplicationScoped
public class RequestDeadline {

  /**
   * A number of up to 8 digits and a unit: {@code 250m} is a quarter of a second, and 0 has passed.
   */
  public static final String GRPC_TIMEOUT = "grpc-timeout";

  /** A number of milliseconds. */
  public static final String ENVOY_TIMEOUT = "x-envoy-expected-rq-timeout-ms";

  /** Clients of gRPC send a timeout of 0 when their deadline has passed already. */
  private static final Duration PASSED = Duration.ofNanos(1);

  private static final Pattern GRPC = Pattern.compile("([0-9]{1,8})([HMSmun])");
  private static final Pattern MILLIS = Pattern.compile("[0-9]{1,10}");

  private final Duration defaultTime;
  private final Duration max;

  RequestDeadline(GlimpseConfig config) {
    this.max = config.deadline().max();
    this.defaultTime = shorter(config.deadline().defaultTime(), max);
  }

  /**
   * Returns the time that a request may take, from now on.
   *
   * @throws ServingException INVALID_PARAMETER if a header is malformed
   */
  public Duration of(HttpServerRequest request) {
    return of(request.getHeader(GRPC_TIMEOUT), request.getHeader(ENVOY_TIMEOUT));
  }

  /**
   * Returns the time that a message of a stream may take from now on: each may take as long as a
   * request, and all together as long as {@code grpc-timeout} says.
   *
   * @param open since when the stream is
   * @throws ServingException INVALID_PARAMETER if a header is malformed
   */
  public Duration ofMessage(HttpServerRequest request, Duration open) {
    Duration single = of(request);
    String grpc = request.getHeader(GRPC_TIMEOUT);
    if (grpc == null) {
      return single;
    }
    Duration left = parseGrpc(grpc).minus(open);
    return shorter(single, left.isNegative() || left.isZero() ? PASSED : left);
  }

  Duration of(@Nullable String grpc, @Nullable String envoy) {
    if (grpc == null && envoy == null) {
      return defaultTime;
    }
    Duration asked = max;
    if (grpc != null) {
      asked = shorter(asked, parseGrpc(grpc));
    }
    if (envoy != null) {
      asked = shorter(asked, parseMillis(envoy));
    }
    return asked;
  }

  private static Duration parseGrpc(String value) {
    Matcher matcher = GRPC.matcher(value);
    if (!matcher.matches()) {
      throw ServingException.invalid(
          GRPC_TIMEOUT, "must be 1 to 8 digits and a unit, one of H, M, S, m, u, n");
    }
    long number = Long.parseLong(matcher.group(1));
    if (number == 0) {
      return PASSED;
    }
    return switch (matcher.group(2)) {
      case "H" -> Duration.ofHours(number);
      case "M" -> Duration.ofMinutes(number);
      case "S" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMillis(number);
      case "u" -> Duration.ofNanos(number * 1000);
      default -> Duration.ofNanos(number);
    };
  }

  private static Duration parseMillis(String value) {
    if (!MILLIS.matcher(value).matches()) {
      throw ServingException.invalid(ENVOY_TIMEOUT, "must be a whole number of milliseconds");
    }
    long millis = Long.parseLong(value);
    if (millis == 0) {
      throw ServingException.invalid(ENVOY_TIMEOUT, "must be more than 0");
    }
    return Duration.ofMillis(millis);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
