package dev.glimpse.api.problem;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same on the packaged application, the jar or the native executable. */
@QuarkusIntegrationTest
class EveryFailureIsAProblemIT extends EveryFailureIsAProblemTest {}
