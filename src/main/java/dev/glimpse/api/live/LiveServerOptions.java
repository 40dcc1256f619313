package dev.glimpse.api.live;

import dev.glimpse.config.GlimpseConfig;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Sets how the server reads WebSockets. Vert.x holds each frame whole, so that one of more than
 * twice the size that is answered ends its connection. Frames are not compressed: images are
 * already, and small frames could become large.
 */
@ApplicationScoped
public class LiveServerOptions implements HttpServerOptionsCustomizer {

  /** The subprotocol that is spoken, for clients that name any. */
  static final String PROTOCOL = "glimpse.live";

  private final int maxFrame;

  LiveServerOptions(GlimpseConfig config) {
    this.maxFrame = LiveRoute.maxFrame(config);
  }

  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    options
        .setMaxWebSocketFrameSize(2 * maxFrame)
        .setMaxWebSocketMessageSize(2 * maxFrame)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setWebSocketSubProtocols(List.of(PROTOCOL));
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    customizeHttpServer(options);
  }
}
