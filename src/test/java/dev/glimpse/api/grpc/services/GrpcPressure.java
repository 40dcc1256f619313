package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.InferRequests.input;
import static dev.glimpse.api.grpc.services.InferRequests.of;

import dev.glimpse.support.TensorModels;
import java.util.HashMap;
import java.util.Map;

/** Many streams to a connection, little memory for bodies, little patience, and reflection. */
public class GrpcPressure extends TensorModels {

  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
    settings.put("glimpse.http.max-streams", "2000");
    settings.put("glimpse.queue.size", "2000");
    settings.put("glimpse.queue.timeout", "60s");
    settings.put("glimpse.deadline.default", "60s");
    settings.put("glimpse.memory.bodies", "4M");
    settings.put("glimpse.http.min-rate", "0"); // slow bodies keep their memory
    settings.put("glimpse.http.write-timeout", "2s");
    settings.put("glimpse.grpc.reflection", "true");
    return settings;
  }

  /** Returns a request with so many bytes of raw contents, which do not fit their shape. */
  static byte[] large(int bytes) {
    return of("lookup")
        .message(5, input("number", "INT64", 1L))
        .element(7, new byte[bytes])
        .framed();
  }
}
