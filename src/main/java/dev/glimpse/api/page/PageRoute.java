package dev.glimpse.api.page;

import dev.glimpse.api.http.TaggedDocument;
import dev.glimpse.api.page.PageFiles.PageFile;
import dev.glimpse.config.GlimpseConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code GET /}: a page to browsers, on which images can be classified, and a list of the
 * endpoints to other clients. The page's files are read when they are first asked for, once.
 */
@ApplicationScoped
public class PageRoute {

  /**
   * The page runs its own scripts and styles only, none of them inline, sends requests to nothing
   * but this service, and cannot be framed. Images are what the user has chosen.
   */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
          + " connect-src 'self'; media-src blob:; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

  /** Of the browser's devices the page uses the camera alone. */
  static final String PERMISSIONS = "camera=(self), microphone=(), geolocation=()";

  private static final String BY_ENCODING = "Accept-Encoding";
  private static final String BY_ACCEPT = "Accept, Accept-Encoding";
  private static final String FILE = "file";

  /** What is served, once it is asked for. */
  private record Content(PageFiles files, TaggedDocument index) {}

  private final boolean enabled;
  private final ServiceIndex index;
  private final Vertx vertx;
  private @Nullable Future<Content> content;

  PageRoute(GlimpseConfig config, ServiceIndex index, Vertx vertx) {
    this.enabled = config.page().enabled();
    this.index = index;
    this.vertx = vertx;
  }

  void register(@Observes Router router) {
    if (enabled) {
      router.route("/").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::root);
      router
          .route(PagePaths.FOLDER + ":" + FILE)
          .method(HttpMethod.GET)
          .method(HttpMethod.HEAD)
          .handler(this::file);
    }
  }

  private void root(RoutingContext context) {
    withContent(
        context,
        loaded -> {
          if (AcceptedType.isHtml(context.request().getHeader(HttpHeaders.ACCEPT))) {
            answer(context, loaded.files().page(), BY_ACCEPT);
          } else {
            loaded.index().answer(context, PageFiles.JSON, BY_ACCEPT);
          }
        });
  }

  private void file(RoutingContext context) {
    withContent(
        context,
        loaded ->
            loaded
                .files()
                .file(context.pathParam(FILE))
                .ifPresentOrElse(
                    file -> answer(context, file, BY_ENCODING), context::next)); // and so to a 404
  }

  private static void answer(RoutingContext context, PageFile file, String vary) {
    HttpServerResponse response = context.response();
    response
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("Permissions-Policy", PERMISSIONS)
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    file.document().answer(context, file.mediaType(), vary);
  }

  /** Passes on the content, on the request's event loop. */
  private void withContent(RoutingContext context, Consumer<Content> answer) {
    Future<Content> loading = content();
    if (loading.succeeded()) {
      answer.accept(loading.result());
      return;
    }
    Context eventLoop = vertx.getOrCreateContext();
    loading.onComplete(
        loaded -> eventLoop.runOnContext(now -> answer.accept(loaded)),
        failure -> eventLoop.runOnContext(now -> context.fail(failure)));
  }

  /** Returns the content, which is read once, and not on an event loop. */
  private synchronized Future<Content> content() {
    Future<Content> loading = content;
    if (loading == null || loading.failed()) {
      loading =
          vertx
              .executeBlocking(
                  () -> new Content(PageFiles.read(), TaggedDocument.of(index.json())), false)
              .map(read -> Objects.requireNonNull(read));
      content = loading;
    }
    return loading;
  }
}
