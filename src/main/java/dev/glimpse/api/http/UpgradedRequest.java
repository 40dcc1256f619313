package dev.glimpse.api.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.filters.QuarkusRequestWrapper;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request that has become a WebSocket. Vert.x ends it without telling those who wait for
 * that: the platform, which counts requests until it stops, and the handlers of its context, such
 * as those of the drain and the log. Vert.x and Quarkus offer nothing for it, so this calls what
 * they call; LiveIT fails if they change it.
 */
@RegisterForReflection(
    targets = QuarkusRequestWrapper.class,
    classNames = UpgradedRequest.RESPONSE,
    registerFullHierarchy = false)
public final class UpgradedRequest {

  static final String RESPONSE =
      "io.quarkus.vertx.http.runtime.filters.QuarkusRequestWrapper$ResponseWrapper";

  private UpgradedRequest() {}

  /** Runs all that waits for the end of a request. Call it once, on the request's event loop. */
  public static void end(HttpServerRequest request) {
    QuarkusRequestWrapper wrapper = QuarkusRequestWrapper.get(request);
    if (wrapper == null) {
      return;
    }
    try {
      Field field = Class.forName(RESPONSE, true, loader()).getDeclaredField("endHandler");
      field.setAccessible(true);
      @SuppressWarnings("unchecked")
      @Nullable Handler<Void> handlers = (Handler<Void>) field.get(wrapper.response());
      if (handlers != null) {
        handlers.handle(null);
      }
      Method done = QuarkusRequestWrapper.class.getDeclaredMethod("done");
      done.setAccessible(true);
      done.invoke(wrapper);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Quarkus ends requests otherwise now", e);
    }
  }

  private static @Nullable ClassLoader loader() {
    return QuarkusRequestWrapper.class.getClassLoader();
  }
}
