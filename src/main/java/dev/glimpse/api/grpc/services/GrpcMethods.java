package dev.glimpse.api.grpc.services;

import dev.glimpse.api.http.ContentCoding;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the method that a call is for. */
@ApplicationScoped
public class GrpcMethods {

  private final Map<String, GrpcMethod> methods = new HashMap<>();
  private final ProblemWriter problems;

  GrpcMethods(
      ServerMethods server,
      InferMethod infer,
      StreamInferMethod streams,
      TritonMethods triton,
      StatisticsMethod statistics,
      HealthMethods health,
      ReflectionMethod reflection,
      ProblemWriter problems) {
    this.problems = problems;
    List.of(server, infer, streams, triton, statistics, health, reflection)
        .forEach(service -> methods.putAll(service.methods()));
  }

  /** Serves a call, on its event loop; one of a method that does not exist is UNIMPLEMENTED. */
  void call(RoutingContext context) {
    GrpcMethod method = methods.get(context.normalizedPath());
    try {
      if (method == null) {
        throw new ServingException(
            Failure.METHOD_NOT_ALLOWED, "There is no such method; see docs/protocols.md.");
      }
      ContentCoding.requireSupported(context.request());
      method.serve(context);
    } catch (RuntimeException e) { // has to end with a status of gRPC, too
      problems.refuse(context, e);
    }
  }
}
