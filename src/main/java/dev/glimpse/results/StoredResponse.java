package dev.glimpse.results;

import java.util.Optional;

/**
 * Holds the response to a request, or to one of its images, as HTTP would have it.
 *
 * @param status of HTTP
 * @param contentType the body's media type
 * @param language of the labels; empty: the model has them in one only
 * @param body JSON; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StoredResponse(
    int status, String contentType, Optional<String> language, byte[] body) {}
