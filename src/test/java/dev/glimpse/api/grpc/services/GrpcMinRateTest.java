package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static dev.glimpse.api.grpc.services.InferRequests.input;
import static dev.glimpse.api.grpc.services.InferRequests.longs;
import static dev.glimpse.api.grpc.services.InferRequests.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sends bodies as fast as {@code glimpse.http.min-rate} says, and half as fast: of those, half a
 * second's bytes are missing for each second after the first five, and none are left after ten.
 */
@Tag("repeated") // takes twelve seconds; BodyRateTest computes the same
@QuarkusTest
@TestProfile(TensorModels.class)
class GrpcMinRateTest {

  /** The default, in bytes a second. */
  private static final int RATE = 1024;

  private static final int STEPS_A_SECOND = 4;
  private static final int SECONDS = 12;

  @Inject HeldResources held;

  @Test
  void whatKeepsTheRateIsServedAndWhatIsHalfAsFastEnds() throws Exception {
    byte[] message = message();
    byte[] image = image();
    try (GrpcClient client = new GrpcClient(RestAssured.port);
        RawConnection http = new RawConnection(RestAssured.port);
        RawConnection slowHttp = new RawConnection(RestAssured.port)) {
      GrpcStream call = new GrpcStream(client, INFERENCE + "ModelInfer", Map.of());
      GrpcStream slowCall = new GrpcStream(client, INFERENCE + "ModelInfer", Map.of());
      http.head("Content-Type: image/jpeg\r\nContent-Length: " + image.length);
      slowHttp.head("Content-Type: image/jpeg\r\nContent-Length: " + image.length);

      int step = RATE / STEPS_A_SECOND;
      long began = System.nanoTime();
      long ended = 0;
      for (int i = 0; i < SECONDS * STEPS_A_SECOND; i++) {
        call.send(Arrays.copyOfRange(message, i * step, (i + 1) * step));
        http.send(Arrays.copyOfRange(image, i * step, (i + 1) * step));
        if (!slowCall.status().isComplete()) {
          slowCall.begin(Arrays.copyOfRange(message, i * step / 2, (i + 1) * step / 2));
          slowHttp.send(Arrays.copyOfRange(image, i * step / 2, (i + 1) * step / 2));
          ended = System.nanoTime() - began;
        }
        assertThat(call.status().isComplete()).as("ended at step %d", i).isFalse();
        long next = began + TimeUnit.SECONDS.toNanos(i + 1L) / STEPS_A_SECOND;
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      }
      call.end();

      assertThat(GrpcClient.await(call.status())).isZero();
      assertThat(http.read().status()).isEqualTo(200);
      assertThat(GrpcClient.await(slowCall.status())).isEqualTo(GrpcStatus.UNAVAILABLE.code());
      assertThat(TimeUnit.NANOSECONDS.toMillis(ended)).isBetween(9_000L, 11_000L);
      RawConnection.Answer late = slowHttp.read();
      assertThat(late.status()).isEqualTo(408);
      assertThat(late.body()).contains("send at least 1024 bytes a second");
      slowCall.cancel();
    }
    held.awaitNone();
  }

  /** Returns an image of so many bytes, with a comment. */
  private static byte[] image() throws Exception {
    byte[] small = Fixtures.image("green.jpg");
    byte[] image = new byte[RATE * SECONDS];
    int comment = image.length - small.length - 2; // beside its marker
    ByteBuffer.wrap(image)
        .put(small, 0, 2)
        .put(new byte[] {-1, -2})
        .putShort((short) comment)
        .put(new byte[comment - 2])
        .put(small, 2, small.length - 2);
    return image;
  }

  /** Returns a request of so many bytes, with a field that is not known. */
  private static byte[] message() {
    int length = RATE * SECONDS;
    byte[] small = request(0);
    byte[] message = request(length - small.length - 1); // its length takes a byte more
    assertThat(message).hasSize(length);
    return message;
  }

  private static byte[] request(int more) {
    return of("lookup")
        .message(5, input("number", "INT64", 1L))
        .element(7, longs(1))
        .element(15, new byte[more])
        .framed();
  }
}
