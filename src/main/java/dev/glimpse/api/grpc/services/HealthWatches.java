package dev.glimpse.api.grpc.services;

import dev.glimpse.api.grpc.GrpcResponse;
import dev.glimpse.api.grpc.services.HealthMethods.State;
import dev.glimpse.api.http.ClientNetwork;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tells those who watch the health of the service each change of it. A watch holds no slot, and the
 * end of the service does not wait for it.
 */
@ApplicationScoped
public class HealthWatches {

  private static final long LOOK_EVERY_MILLIS = 1000;

  /** Anyone may watch without a key, so there is a bound to all of them. */
  private static final int MOST = 256;

  /** One network must not keep the others from watching. */
  private static final int MOST_OF_A_NETWORK = 64;

  private final ProblemWriter problems;
  private final Vertx vertx;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  HealthWatches(ProblemWriter problems, Vertx vertx) {
    this.problems = problems;
    this.vertx = vertx;
  }

  /** Tells all that the service stops, before it waits for its last requests. */
  void end(@Observes @Priority(1) ShutdownDelayInitiatedEvent event) {
    ending = true;
    watches.forEach(Watch::end);
  }

  /**
   * Begins a watch, on its event loop.
   *
   * @param named names what to watch
   * @param states by names
   */
  void begin(
      RoutingContext context, CompletionStage<NamedRequest> named, Function<String, State> states) {
    Context loop = vertx.getOrCreateContext();
    var unused =
        named.whenComplete((request, failure) ->
            loop.runOnContext(now -> {
              try {
                if (failure != null) {
                  problems.write(context, failure);
                } else if (isFull(ClientNetwork.of(context.request().connection()))) {
                  problems.write(context, tooMany());
                } else if (!context.response().closed()) {
                  new Watch(context, loop, () -> states.apply(request.name())).start();
                }
              } catch (RuntimeException e) { // the call has to end all the same
                problems.write(context, e);
              }
            }));
  }

  private boolean isFull(Object network) {
    return watches.size() >= MOST
        || watches.stream().filter(watch -> watch.network.equals(network)).count()
            >= MOST_OF_A_NETWORK;
  }

  private static ServingException tooMany() {
    return new ServingException(Failure.OVERLOADED, "Too many clients are watching already.", 1);
  }

  /** Is one client's. Confined to its event loop, but for {@link #end}. */
  private final class Watch {

    private final RoutingContext context;
    private final Object network;
    private final Context loop;
    private final Supplier<State> look;
    private State told = State.UNKNOWN;
    private long timer = -1;

    Watch(RoutingContext context, Context loop, Supplier<State> look) {
      this.context = context;
      this.network = ClientNetwork.of(context.request().connection());
      this.loop = loop;
      this.look = look;
    }

    void start() {
      watches.add(this);
      context.addEndHandler(ended -> stop());
      tell(look.get());
      timer = vertx.setPeriodic(LOOK_EVERY_MILLIS, id -> look());
      if (ending) {
        end();
      }
    }

    private void look() {
      try {
        tell(look.get());
      } catch (RuntimeException e) {
        problems.write(context, e);
      }
    }

    private void stop() {
      vertx.cancelTimer(timer);
      watches.remove(this);
    }

    private void tell(State state) {
      if (state != told && !context.response().closed() && !context.response().ended()) {
        told = state;
        GrpcResponse.write(context.response(), state.message().framed());
      }
    }

    /** Ends the watch, as the service does. Any thread may call it. */
    void end() {
      loop.runOnContext(now -> {
        if (told != State.SERVICE_UNKNOWN) {
          tell(State.NOT_SERVING);
        }
        problems.write(
            context, new ServingException(Failure.NOT_READY, "The service is stopping."));
      });
    }
  }
}
