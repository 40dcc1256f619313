package dev.glimpse.api.grpc.services;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;

/** Nothing is held afterwards. */
@QuarkusTest
@TestProfile(GrpcPressure.class)
class GrpcFramesTest extends GrpcFrames {

  @Inject HeldResources held;

  @AfterEach
  @Override
  void close() throws Exception {
    super.close();
    held.awaitNone();
  }
}
