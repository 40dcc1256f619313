package dev.glimpse.api.live;

import dev.glimpse.api.http.ArrivedBodies;
import dev.glimpse.api.predict.PredictParameters;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.IncomingRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Adapts one frame of a live connection to the pipeline. Its id is the connection's, so that where
 * versions share a model's traffic all frames get the same one.
 */
final class LiveFrame implements IncomingRequest<ClassificationRequest> {

  static final String PATH = "/predict/live";

  /**
   * What all frames of a connection have in common.
   *
   * @param network is the client's
   * @param acceptLanguage the header of the handshake, if there was one
   */
  record Session(
      String id,
      Duration timeout,
      PredictParameters parameters,
      @Nullable String acceptLanguage,
      ArrivedBodies bodies,
      Object network) {}

  private final Session session;
  private final byte[] image;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  LiveFrame(Session session, byte[] image) {
    this.session = session;
    this.image = image;
  }

  /** Cancels the frame because its connection is closed. */
  void cancel() {
    gone.complete(null);
  }

  @Override
  public String id() {
    return session.id();
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Duration timeout() {
    return session.timeout();
  }

  @Override
  public CompletionStage<Body> body(BodyProgress progress) {
    return session.bodies().body(image, session.network(), session, session.timeout(), gone);
  }

  @Override
  public ClassificationRequest parse(Bytes body) {
    return session.parameters().request(body, session.acceptLanguage());
  }

  @Override
  public void onDisconnect(Runnable callback) {
    var unused = gone.thenRun(callback);
  }
}
