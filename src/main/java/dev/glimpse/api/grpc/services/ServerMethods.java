package dev.glimpse.api.grpc.services;

import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.health.ServiceHealth;
import dev.glimpse.api.openinference.MetadataResource;
import dev.glimpse.api.openinference.MetadataResource.ServerMetadata;
import dev.glimpse.api.openinference.ModelMetadata;
import dev.glimpse.api.openinference.ModelMetadata.TensorMetadata;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.registry.ModelRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Serves what the Open Inference Protocol tells of the service and its models. Field numbers are
 * those of <a
 * href="https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_grpc.proto">open_inference_grpc.proto</a>.
 */
@ApplicationScoped
public class ServerMethods implements GrpcMethod.Service {

  /** Where the methods of the protocol are. */
  static final String SERVICE = "/inference.GRPCInferenceService/";

  private final ServiceHealth health;
  private final ModelRegistry models;
  private final MetadataResource metadata;
  private final UnaryCalls calls;

  ServerMethods(
      ServiceHealth health, ModelRegistry models, MetadataResource metadata, UnaryCalls calls) {
    this.health = health;
    this.models = models;
    this.metadata = metadata;
    this.calls = calls;
  }

  @Override
  public Map<String, GrpcMethod> methods() {
    return Map.of(
        SERVICE + "ServerLive",
        calls.small("ServerLiveRequest", request -> flag(health.live())),
        SERVICE + "ServerReady",
        calls.small("ServerReadyRequest", request -> flag(health.ready())),
        SERVICE + "ModelReady",
        calls.small("ModelReadyRequest", request -> flag(ready(request))),
        SERVICE + "ServerMetadata",
        calls.small("ServerMetadataRequest", request -> server(metadata.server())),
        SERVICE + "ModelMetadata",
        calls.small("ModelMetadataRequest", request -> model(metadata(request))));
  }

  private static MessageWriter flag(boolean value) {
    return new MessageWriter().bool(1, value);
  }

  /** What is served is ready; clients wait for a model that is not known yet. */
  private boolean ready(NamedRequest request) {
    try {
      models.require(Optional.of(request.model()), request.number());
      return true;
    } catch (ServingException e) {
      if (e.failure() == Failure.UNKNOWN_MODEL || e.failure() == Failure.NOT_READY) {
        return false;
      }
      throw e;
    }
  }

  private static MessageWriter server(ServerMetadata server) {
    return new MessageWriter()
        .text(1, server.name())
        .text(2, server.version())
        .texts(3, server.extensions());
  }

  private ModelMetadata metadata(NamedRequest request) {
    return request.version().isEmpty()
        ? metadata.model(request.model())
        : metadata.modelVersion(request.model(), request.version());
  }

  private static MessageWriter model(ModelMetadata model) {
    MessageWriter message =
        new MessageWriter()
            .text(1, model.name())
            .texts(2, model.versions())
            .text(3, model.platform());
    tensors(message, 4, model.inputs());
    tensors(message, 5, model.outputs());
    return message;
  }

  private static void tensors(MessageWriter message, int field, List<TensorMetadata> tensors) {
    tensors.forEach(tensor ->
        message.message(
            field,
            new MessageWriter()
                .text(1, tensor.name())
                .text(2, tensor.datatype())
                .numbers(3, tensor.shape())));
  }
}
