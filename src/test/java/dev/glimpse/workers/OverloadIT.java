package dev.glimpse.workers;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** Runs {@link OverloadTest} on the packaged application, the jar or the native executable. */
@QuarkusIntegrationTest
class OverloadIT extends OverloadTest {}
