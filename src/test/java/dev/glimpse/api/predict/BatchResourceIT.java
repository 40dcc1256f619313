package dev.glimpse.api.predict;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same on the packaged application, the jar or the native executable. */
@QuarkusIntegrationTest
class BatchResourceIT extends BatchResourceTest {}
