package dev.glimpse.api.compat;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same on the packaged application, the jar or the native executable. */
@QuarkusIntegrationTest
class CompatIT extends CompatTest {}
