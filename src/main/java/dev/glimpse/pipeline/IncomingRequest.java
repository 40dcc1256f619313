package dev.glimpse.pipeline;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.tracing.RequestTrace;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Describes a request that has arrived and whose body has not been read yet. It is admitted first,
 * read second and parsed last, so that rejecting a request costs next to nothing.
 *
 * @param <Q> what the body asks for
 */
public interface IncomingRequest<Q> {

  /** Returns the request's id, as in its log lines and in its response. */
  String id();

  /** Returns the request's trace. */
  default RequestTrace trace() {
    return RequestTrace.NONE;
  }

  /** Returns the path that it was sent to, without the query, such as {@code /predict}. */
  default String path() {
    return "";
  }

  /** Returns the image's place, from 0, where it is one of several that were sent together. */
  default int position() {
    return 0;
  }

  /** Returns how long the request may take from now on, body and queue included. */
  Duration timeout();

  /**
   * Starts to read the body, without blocking. Called once, and only if the request was admitted.
   *
   * @param progress is notified whether the body can arrive
   * @return fails with a {@link dev.glimpse.failure.ServingException} if the body cannot be read
   */
  CompletionStage<Body> body(BodyProgress progress);

  /**
   * Parses the body. Called once, on a worker, because it may take as long as decoding base64.
   *
   * @param body closed when the request has ended, if not before
   * @throws dev.glimpse.failure.ServingException if the body is malformed
   */
  Q parse(Bytes body);

  /**
   * Registers what to run when the exchange ends: the client has disconnected, or has its response.
   * Called once, before {@link #body}.
   */
  void onDisconnect(Runnable callback);

  /**
   * Receives the name of the model as soon as it is known. Called on a worker.
   *
   * @param name that of a model in service
   */
  default void modelChosen(String name) {}
}
