package dev.glimpse.api.grpc;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.pipeline.IncomingRequest;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Serves the messages of a stream. */
@FunctionalInterface
public interface MessageHandler {

  /**
   * Serves a message, on the stream's event loop.
   *
   * @return the response with its prefix; a failure ends the stream
   */
  CompletionStage<byte[]> serve(Message message);

  /** Is a message that has arrived. */
  interface Message {

    /**
     * Returns the message as a request to the pipeline. Call it once.
     *
     * @param parser parses the message without its compression, on a worker
     */
    <Q> IncomingRequest<Q> request(Function<Bytes, Q> parser);

    /**
     * Reads a small message at once, and forgets it. Call it instead of {@link #request}, once.
     *
     * @param parser parses the message without its compression
     */
    <Q> Q read(Function<Bytes, Q> parser);
  }
}
