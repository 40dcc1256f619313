package dev.glimpse.workers;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

/** Runs {@link OverloadTest} on the packaged application, the jar or the native executable. */
@Tag("repeated")
@QuarkusIntegrationTest
class OverloadIT extends OverloadTest {}
