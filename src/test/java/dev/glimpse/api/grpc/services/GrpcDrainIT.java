package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.HEALTH;
import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static dev.glimpse.api.grpc.services.InferRequests.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls of the packaged application when it stops. */
@Timeout(120)
class GrpcDrainIT {

  /** Each call that was sent is answered; GOAWAY only keeps further ones away. */
  @Test
  void callsUnderLoadAreAllAnsweredWhenTheServiceEnds() throws Exception {
    try (Service service =
            start(
                Map.of(
                    "glimpse.queue.size", "200",
                    "glimpse.drain.quiet", "1s",
                    "glimpse.drain.max", "5s"));
        GrpcClient client = new GrpcClient(service.port())) {
      byte[] image = Fixtures.image("red.jpg");
      assertThat(client.classify("colors", image)).isZero();
      List<Future<GrpcClient.Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        if (i == 50) {
          service.terminate();
          await().until(() -> service.log().contains("Draining: "));
        }
        replies.add(
            client.send(INFERENCE + "ModelInfer", GrpcClient.picture("colors", image), Map.of()));
      }
      for (Future<GrpcClient.Reply> reply : replies) {
        assertThat(GrpcClient.await(reply).status()).isZero();
      }
      assertThat(service.ended(30)).isTrue();
      assertThat(service.log()).contains("Drained in");
    }
  }

  @Test
  void sigtermEndsWatchesAndStreamsAndDoesNotWaitForThem() throws Exception {
    try (Service service = start(Map.of("glimpse.drain.max", "60s"));
        GrpcClient client = new GrpcClient(service.port())) {
      GrpcStream watch = new GrpcStream(client, HEALTH + "Watch", Map.of());
      watch.send(new MessageWriter().framed());
      watch.end();
      assertThat(watch.next().number(1)).as("SERVING").isEqualTo(1);
      GrpcStream stream = new GrpcStream(client, INFERENCE + "ModelStreamInfer", Map.of());
      stream.send(of("nothing").framed());
      assertThat(stream.next().text(1)).contains("no model");
      service.terminate();

      assertThat(watch.next().number(1)).as("NOT_SERVING").isEqualTo(2);
      assertThat(GrpcClient.await(watch.status())).isEqualTo(GrpcStatus.UNAVAILABLE.code());
      assertThat(GrpcClient.await(stream.status())).isEqualTo(GrpcStatus.UNAVAILABLE.code());
      assertThat(service.ended(30)).isTrue();
      assertThat(service.log()).contains("Drained in").doesNotContain("Timed out waiting");
    }
  }

  private static Service start(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString());
    settings.put("glimpse.models.default", "colors");
    return Service.start(settings);
  }
}
