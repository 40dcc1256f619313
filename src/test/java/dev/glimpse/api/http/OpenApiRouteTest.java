package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.smallrye.openapi.runtime.io.Format;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OpenApiRouteTest {

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger built = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch othersAnswered = new CountDownLatch(1);
  private HttpServer server;

  /** Takes until another request has been answered; fails the first time, if it should. */
  private final class SlowDocument extends OpenApiDocumentService {

    @Override
    public byte[] getDocument(String name, Format format) {
      begun.countDown();
      await(othersAnswered);
      if (built.incrementAndGet() == 1 && fails) {
        throw new IllegalStateException("for a test");
      }
      return "document".getBytes(StandardCharsets.UTF_8);
    }
  }

  private volatile boolean fails;

  /** Starts a server with one event loop. */
  @BeforeEach
  void start() throws Exception {
    Router router = Router.router(vertx);
    new OpenApiRoute(new SlowDocument(), vertx, true).register(router);
    router.route("/other").handler(context -> context.response().end("other"));
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() {
    vertx.close();
  }

  @Test
  void othersAreAnsweredWhileTheDocumentIsBuilt() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> documents = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      documents.add(get("/q/openapi"));
    }
    await(begun);

    assertThat(get("/other").get(5, TimeUnit.SECONDS).body()).isEqualTo("other");

    othersAnswered.countDown();
    for (CompletableFuture<HttpResponse<String>> document : documents) {
      assertThat(document.get().body()).isEqualTo("document");
    }
    assertThat(built).hasValue(1);
  }

  @Test
  void documentIsBuiltAgainAfterAFailure() throws Exception {
    fails = true;
    othersAnswered.countDown();
    assertThat(get("/q/openapi").get().statusCode()).isEqualTo(500);
    assertThat(get("/q/openapi").get().statusCode()).isEqualTo(200);
  }

  private CompletableFuture<HttpResponse<String>> get(String path) {
    URI uri = URI.create("http://localhost:" + server.actualPort() + path);
    return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
