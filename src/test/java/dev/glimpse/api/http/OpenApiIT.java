package dev.glimpse.api.http;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same on the packaged application, the jar or the native executable. */
@QuarkusIntegrationTest
class OpenApiIT extends OpenApiTest {}
