package dev.glimpse.api.grpc.services;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Tag;

/** The same on the packaged application, the jar or the native executable. */
@Tag("repeated")
@QuarkusIntegrationTest
@TestProfile(GrpcPressure.class)
class GrpcFramesIT extends GrpcFrames {}
