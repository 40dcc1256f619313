package dev.glimpse.api.openinference;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

/** The same on the packaged application, the jar or the native executable. */
@Tag("repeated")
@QuarkusIntegrationTest
class RealClientsIT extends RealClientsTest {}
