package dev.glimpse.api.grpc.services;

import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.health.ServiceHealth;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/**
 * Serves gRPC's <a href="https://github.com/grpc/grpc/blob/master/doc/health-checking.md">health
 * checking protocol</a>: whether the service is ready, under no name and under that of the
 * inference service, and under {@code liveness} whether it is alive.
 */
@ApplicationScoped
public class HealthMethods implements GrpcMethod.Service {

  private static final String SERVICE = "/grpc.health.v1.Health/";
  private static final String REQUEST = "HealthCheckRequest";

  private final ServiceHealth health;
  private final UnaryCalls calls;
  private final HealthWatches watches;

  /** The states of the protocol, by their numbers. */
  enum State {
    UNKNOWN(0),
    SERVING(1),
    NOT_SERVING(2),
    SERVICE_UNKNOWN(3);

    private final int number;

    State(int number) {
      this.number = number;
    }

    /** Returns the response that tells this state. */
    MessageWriter message() {
      return new MessageWriter().number(1, number);
    }
  }

  HealthMethods(ServiceHealth health, UnaryCalls calls, HealthWatches watches) {
    this.health = health;
    this.calls = calls;
    this.watches = watches;
  }

  @Override
  public Map<String, GrpcMethod> methods() {
    return Map.of(
        SERVICE + "Check",
        calls.small(REQUEST, request -> check(request.name()).message()),
        SERVICE + "Watch",
        this::watch);
  }

  private State check(String service) {
    State state = state(service);
    if (state == State.SERVICE_UNKNOWN) {
      throw new ServingException(Failure.NOT_FOUND, "There is no service of this name.");
    }
    return state;
  }

  private State state(String service) {
    return switch (service) {
      case "", "readiness", "inference.GRPCInferenceService" -> of(health.ready());
      case "liveness" -> of(health.live());
      default -> State.SERVICE_UNKNOWN;
    };
  }

  private static State of(boolean good) {
    return good ? State.SERVING : State.NOT_SERVING;
  }

  private void watch(RoutingContext context) {
    watches.begin(context, calls.read(context, in -> NamedRequest.read(REQUEST, in)), this::state);
  }
}
