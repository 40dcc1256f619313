package dev.glimpse.tracing;

/**
 * Describes a request that has arrived, for its span.
 *
 * @param method of HTTP, or OTHER
 * @param path without the query
 * @param secure whether it has come by TLS
 * @param id the request's id, as in the log
 */
public record Arrival(String method, String path, boolean secure, String id) {}
