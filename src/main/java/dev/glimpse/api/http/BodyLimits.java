package dev.glimpse.api.http;

import java.time.Duration;

/**
 * Bounds one body.
 *
 * @param maxBytes the most bytes
 * @param advice says what to do about a larger one, after a space; may be empty
 * @param timeout how long the request may take from now on
 * @param memoryWait how long it may wait for its memory
 * @param rate how fast the body has to arrive
 */
record BodyLimits(
    long maxBytes, String advice, Duration timeout, Duration memoryWait, BodyRate rate) {}
