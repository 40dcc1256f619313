package dev.glimpse.api.openinference;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same on the packaged application, the jar or the native executable. */
@QuarkusIntegrationTest
class InferResourceIT extends InferResourceTest {}
