package dev.glimpse.http;

import dev.glimpse.failure.ServingException;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The way of every request with a body: a place first, then the bytes, then the work. The event
 * loop reads the bytes; a worker does everything else.
 */
@ApplicationScoped
public class Exchange {

  private final RequestDeadline deadline;
  private final BodyReader reader;

  Exchange(RequestDeadline deadline, BodyReader reader) {
    this.deadline = deadline;
    this.reader = reader;
  }

  /** Who takes a place, hears a question and answers it. */
  @FunctionalInterface
  public interface Service<Q, A> {

    /**
     * Takes a place.
     *
     * @param id the request's
     * @param patience how long the request may take from now on
     * @param asking begins to read, once there is a place; is given what is to be told when the
     *     client has gone, and supplies the question, once, on a worker
     * @throws ServingException if there is no place
     */
    CompletionStage<A> ask(
        String id, Duration patience, Function<Runnable, CompletionStage<Supplier<Q>>> asking);
  }

  /**
   * Asks what a request asks. To be called on the request's event loop, by a resource method that
   * takes no body itself.
   *
   * @param question takes the body apart, on a worker
   * @return fails with a {@link ServingException} if there is no answer
   */
  public <Q, A> CompletionStage<A> ask(
      RoutingContext context, Service<Q, A> service, Function<byte[], Q> question) {
    try {
      Duration patience = deadline.of(context.request());
      return service.ask(
          RequestId.of(context),
          patience,
          clientGone -> {
            context.addEndHandler(ended -> clientGone.run()); // unless it had its answer
            return reader.read(context, patience).thenApply(bytes -> () -> question.apply(bytes));
          });
    } catch (ServingException e) {
      return reader.refuse(context, e);
    }
  }
}
