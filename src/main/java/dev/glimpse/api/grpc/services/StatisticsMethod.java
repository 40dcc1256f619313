package dev.glimpse.api.grpc.services;

import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.triton.ModelStatistics;
import dev.glimpse.api.triton.StatisticsResource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/**
 * Serves Triton's {@code ModelStatistics}: of a version, of a model, or of all. Field numbers are
 * those of <a
 * href="https://github.com/triton-inference-server/common/blob/main/protobuf/grpc_service.proto">grpc_service.proto</a>.
 */
@ApplicationScoped
public class StatisticsMethod implements GrpcMethod.Service {

  private final StatisticsResource statistics;
  private final UnaryCalls calls;

  StatisticsMethod(StatisticsResource statistics, UnaryCalls calls) {
    this.statistics = statistics;
    this.calls = calls;
  }

  @Override
  public Map<String, GrpcMethod> methods() {
    return Map.of(
        ServerMethods.SERVICE + "ModelStatistics",
        calls.small("ModelStatisticsRequest", request -> message(statistics(request))));
  }

  private ModelStatistics statistics(NamedRequest request) {
    if (!request.version().isEmpty()) {
      return statistics.modelVersion(request.model(), request.version());
    }
    return request.name().isEmpty() ? statistics.all() : statistics.model(request.name());
  }

  private static MessageWriter message(ModelStatistics statistics) {
    MessageWriter message = new MessageWriter();
    statistics
        .modelStats()
        .forEach(version ->
            message.message(
                1,
                new MessageWriter()
                    .text(1, version.name())
                    .text(2, version.version())
                    .number(3, version.lastInference())
                    .number(4, version.inferenceCount())
                    .number(5, version.executionCount())
                    .message(6, times(version.inferenceStats()))));
    return message;
  }

  private static MessageWriter times(ModelStatistics.Times times) {
    return new MessageWriter()
        .message(1, duration(times.success()))
        .message(2, duration(times.fail()))
        .message(3, duration(times.queue()))
        .message(4, duration(times.computeInput()))
        .message(5, duration(times.computeInfer()))
        .message(6, duration(times.computeOutput()));
  }

  private static MessageWriter duration(ModelStatistics.Duration duration) {
    return new MessageWriter().number(1, duration.count()).number(2, duration.ns());
  }
}
