package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.MessageReader.TAG;
import static dev.glimpse.api.grpc.MessageReader.VARINT;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.triton.ConfigurationResource;
import dev.glimpse.api.triton.ModelConfiguration;
import dev.glimpse.api.triton.ModelControlResource;
import dev.glimpse.api.triton.RepositoryIndexResource;
import dev.glimpse.api.triton.RepositoryIndexResource.IndexEntry;
import dev.glimpse.registry.ModelReloader;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Serves Triton's extensions that manage models: configuration, repository index, load and unload.
 * Field numbers are those of <a
 * href="https://github.com/triton-inference-server/common/blob/main/protobuf/grpc_service.proto">grpc_service.proto</a>.
 */
@ApplicationScoped
public class TritonMethods implements GrpcMethod.Service {

  private static final int READY = 2 << TAG | VARINT;

  private final ConfigurationResource configuration;
  private final RepositoryIndexResource index;
  private final ModelControlResource control;
  private final ModelReloader reloader;
  private final UnaryCalls calls;

  TritonMethods(
      ConfigurationResource configuration,
      RepositoryIndexResource index,
      ModelControlResource control,
      ModelReloader reloader,
      UnaryCalls calls) {
    this.configuration = configuration;
    this.index = index;
    this.control = control;
    this.reloader = reloader;
    this.calls = calls;
  }

  @Override
  public Map<String, GrpcMethod> methods() {
    return Map.of(
        ServerMethods.SERVICE + "ModelConfig",
        calls.small("ModelConfigRequest", request -> ConfigMessage.of(configuration(request))),
        ServerMethods.SERVICE + "RepositoryIndex",
        this::index,
        ServerMethods.SERVICE + "RepositoryModelLoad",
        context ->
            change(
                context,
                List.of("version", "traffic"),
                request -> reloader.load(request.model(), request.version(), request.traffic())),
        ServerMethods.SERVICE + "RepositoryModelUnload",
        context ->
            change(
                context,
                List.of("version", "unload_dependents"),
                request -> reloader.unload(request.model(), request.version())));
  }

  private ModelConfiguration configuration(NamedRequest request) {
    return request.version().isEmpty()
        ? configuration.model(request.model())
        : configuration.modelVersion(request.model(), request.version());
  }

  private void index(RoutingContext context) {
    calls.serve(
        context,
        TritonMethods::readyOnly,
        ready -> {
          MessageWriter response = new MessageWriter();
          index.entries(ready).forEach(entry -> response.message(1, entry(entry)));
          return CompletableFuture.completedFuture(response);
        });
  }

  private static boolean readyOnly(CodedInputStream in) {
    boolean[] ready = new boolean[1];
    MessageReader.read(
        "RepositoryIndexRequest",
        in,
        (tag, field) -> {
          if (tag == READY) {
            ready[0] = field.readBool();
          } else {
            field.skipField(tag);
          }
        });
    return ready[0];
  }

  private static MessageWriter entry(IndexEntry entry) {
    return new MessageWriter()
        .text(1, entry.name())
        .text(2, entry.version())
        .text(3, entry.state())
        .text(4, entry.reason());
  }

  /** Changes what is served, if the caller may; nothing is read before that is known. */
  private void change(
      RoutingContext context,
      List<String> parameters,
      Function<ControlRequest, CompletionStage<Void>> change) {
    control.requireAllowed(context);
    calls.serve(
        context,
        in -> ControlRequest.read(in, parameters),
        request -> change.apply(request).thenApply(done -> new MessageWriter()));
  }
}
