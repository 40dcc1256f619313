/**
 * Continues traces of callers (W3C trace context), and exports spans by OTLP where an endpoint is
 * set.
 *
 * <p>Belongs here: trace contexts, spans, their export, the settings of OpenTelemetry. Does not
 * belong here: which requests are traced, and where their headers come from. Only this package
 * imports {@code io.opentelemetry}, and none of it is loaded for requests without a trace.
 */
@NullMarked
package dev.glimpse.tracing;

import org.jspecify.annotations.NullMarked;
