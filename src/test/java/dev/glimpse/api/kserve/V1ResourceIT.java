package dev.glimpse.api.kserve;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same on the packaged application, the jar or the native executable. */
@QuarkusIntegrationTest
class V1ResourceIT extends V1ResourceTest {}
