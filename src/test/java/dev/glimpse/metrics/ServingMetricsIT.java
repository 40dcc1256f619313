package dev.glimpse.metrics;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/**
 * Runs {@link ServingMetricsTest} on the packaged application, the jar or the native executable.
 */
@QuarkusIntegrationTest
class ServingMetricsIT extends ServingMetricsTest {}
