package dev.glimpse.api.kserve;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

/** The same on the packaged application, the jar or the native executable. */
@Tag("repeated")
@QuarkusIntegrationTest
class V1ResourceIT extends V1ResourceTest {}
