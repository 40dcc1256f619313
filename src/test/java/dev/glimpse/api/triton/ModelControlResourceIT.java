package dev.glimpse.api.triton;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same on the packaged application, the jar or the native executable. */
@QuarkusIntegrationTest
class ModelControlResourceIT extends ModelControlResourceTest {}
