package dev.glimpse.results;

import java.util.Optional;

/**
 * Says how far a job has come.
 *
 * @param answered how many of its images have been answered
 * @param answer the whole job's response; empty while it is pending
 */
public record JobState(Job job, int answered, Optional<StoredResponse> answer) {}
