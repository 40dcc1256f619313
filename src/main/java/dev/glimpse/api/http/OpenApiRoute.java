package dev.glimpse.api.http;

import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.smallrye.openapi.runtime.io.Format;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Serves the OpenAPI document from bytes that all responses share, with an entity tag, and
 * compressed if the client accepts gzip. Quarkus' own route, which this one precedes, copies the
 * document for each response: clients that request it and do not read would each hold a copy.
 */
@ApplicationScoped
public class OpenApiRoute {

  private static final String PATHS = "/q/openapi(\\.json|\\.yaml|\\.yml)?";
  private static final int BEFORE_QUARKUS = -1;

  private final OpenApiDocumentService service;
  private final boolean enabled;
  private final Vertx vertx;
  private final Map<Format, Future<TaggedDocument>> documents = new EnumMap<>(Format.class);

  OpenApiRoute(
      OpenApiDocumentService service,
      Vertx vertx,
      @ConfigProperty(name = "quarkus.smallrye-openapi.enabled", defaultValue = "true")
          boolean enabled) {
    this.service = service;
    this.vertx = vertx;
    this.enabled = enabled;
  }

  void register(@Observes Router router) {
    if (enabled) {
      router
          .routeWithRegex(PATHS)
          .method(HttpMethod.GET)
          .method(HttpMethod.HEAD)
          .order(BEFORE_QUARKUS)
          .handler(this::answer);
    }
  }

  private void answer(RoutingContext context) {
    Format format = format(context);
    Future<TaggedDocument> document = document(format);
    if (document.succeeded()) {
      answer(context, format, document.result());
      return;
    }
    Context eventLoop = vertx.getOrCreateContext();
    document.onComplete(built ->
        eventLoop.runOnContext(now -> {
          if (built.succeeded()) {
            answer(context, format, built.result());
          } else {
            context.fail(built.cause());
          }
        }));
  }

  /** Returns the document, which is built once, and not on an event loop: that takes long. */
  private synchronized Future<TaggedDocument> document(Format format) {
    Future<TaggedDocument> document = documents.get(format);
    if (document == null || document.failed()) {
      document =
          vertx
              .executeBlocking(
                  () ->
                      TaggedDocument.of(
                          service.getDocument(OpenApiConstants.DEFAULT_DOCUMENT_NAME, format)),
                  false)
              .map(built -> Objects.requireNonNull(built));
      documents.put(format, document);
    }
    return document;
  }

  private static void answer(RoutingContext context, Format format, TaggedDocument document) {
    document.answer(context, format.getMimeType() + ";charset=UTF-8", "Accept, Accept-Encoding");
  }

  /** Chooses as Quarkus does: by the path's extension, the header, or the parameter. */
  private static Format format(RoutingContext context) {
    String path = context.normalizedPath();
    if (path.indexOf('.') >= 0) {
      return path.endsWith(".json") ? Format.JSON : Format.YAML;
    }
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    boolean json =
        (accept != null && accept.contains(Format.JSON.getMimeType()))
            || context.queryParam("format").stream().limit(1).anyMatch("json"::equalsIgnoreCase);
    return json ? Format.JSON : Format.YAML;
  }
}
