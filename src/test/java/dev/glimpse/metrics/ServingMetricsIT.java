package dev.glimpse.metrics;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

/**
 * Runs {@link ServingMetricsTest} on the packaged application, the jar or the native executable.
 */
@Tag("repeated")
@QuarkusIntegrationTest
class ServingMetricsIT extends ServingMetricsTest {}
