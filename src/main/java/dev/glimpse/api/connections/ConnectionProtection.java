package dev.glimpse.api.connections;

import dev.glimpse.api.http.GracefulShutdown;
import dev.glimpse.api.http.RequestLog;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.RefusedRequests;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Guards every connection of the service's ports, from a millisecond after they open. Vert.x offers
 * the HTTP requests of a connection only, so the guards are added to Netty's own objects.
 */
@ApplicationScoped
public class ConnectionProtection implements HttpServerOptionsCustomizer {

  private static final int ANY_ORDER = 5_000;

  /** How much of a connection's window is left when each of its streams has filled its own. */
  private static final int SPARE_WINDOW = 1 << 20;

  private final Vertx vertx;
  private final GlimpseConfig config;
  private final RequestLog requests;
  private final RefusedRequests counter;
  private final Consumer<Channel> opened;

  @Inject
  ConnectionProtection(
      Vertx vertx,
      GlimpseConfig config,
      RequestLog requests,
      RefusedRequests counter,
      GracefulShutdown shutdown) {
    this(vertx, config, requests, counter, shutdown::opened);
  }

  /**
   * Creates a protection.
   *
   * @param opened receives each port, on its event loop, when it is guarded
   */
  ConnectionProtection(
      Vertx vertx,
      GlimpseConfig config,
      RequestLog requests,
      RefusedRequests counter,
      Consumer<Channel> opened) {
    this.opened = opened;
    this.vertx = vertx;
    this.config = config;
    this.requests = requests;
    this.counter = counter;
  }

  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    options.getInitialSettings().setMaxConcurrentStreams(config.http().maxStreams());
    options.setHttp2ConnectionWindowSize(connectionWindow(config.http().maxStreams()));
  }

  /**
   * Returns how many bytes of bodies a connection of HTTP/2 may have sent that have not been read:
   * as many as its streams may, so that those that wait for memory do not keep the others from
   * arriving. Requests with a slot wait, those whose token or rate is being looked up, and streams
   * of messages, whose number is bounded; other bodies are discarded as they come. {@link
   * SmallFrames} bounds what their frames take beside their bytes.
   */
  private static int connectionWindow(int streams) {
    long all = (long) streams * Http2CodecUtil.DEFAULT_WINDOW_SIZE + SPARE_WINDOW;
    return (int) Math.min(all, Integer.MAX_VALUE);
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    customizeHttpServer(options);
  }

  void watch(@ObservesAsync HttpServerStart started) {
    guardPorts();
  }

  void watchTls(@ObservesAsync HttpsServerStart started) {
    guardPorts();
  }

  /** Guards the ports that are open now. */
  void guardPorts() {
    ClosedConnectionsLog log = new ClosedConnectionsLog(System::nanoTime);
    int spareFiles = OpenFiles.spare();
    ConnectionLimits limits =
        ConnectionLimits.of(config, spareFiles, Runtime.getRuntime().maxMemory());
    if (limits.areFewForWantOfFiles(spareFiles)) {
      log.fewFiles(limits.connections());
    }
    OpenConnections connections = new OpenConnections(limits, log, this::refused, System::nanoTime);
    PortGuard guard = new PortGuard(connections, log);
    for (EventExecutor loop : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
      loop.execute(() -> guardPorts((SingleThreadEventLoop) loop, guard));
    }
  }

  private void refused(RefusedRequest request) {
    counter.count(request.method(), request.failure().status());
    requests.refused(request.method(), request.path(), request.failure(), request.id());
  }

  private void guardPorts(SingleThreadEventLoop loop, PortGuard guard) {
    for (Iterator<Channel> channels = loop.registeredChannelsIterator(); channels.hasNext(); ) {
      Channel channel = channels.next();
      if (channel instanceof ServerChannel && channel.pipeline().get(PortGuard.class) == null) {
        channel.pipeline().addFirst(guard);
        opened.accept(channel);
      }
    }
  }

  void register(@Observes Filters filters) {
    filters.register(ConnectionProtection::countUnread, ANY_ORDER);
  }

  static void countUnread(RoutingContext context) {
    if (context.request().version() == HttpVersion.HTTP_2
        && context.request().connection() instanceof ConnectionBase connection) {
      ConnectionGuard guard = connection.channel().attr(ConnectionGuard.KEY).get();
      if (guard != null) {
        context.addBodyEndHandler(ended ->
            guard.answeredStream(context.response().streamId(), context.response().bytesWritten()));
      }
    }
    context.next();
  }
}
