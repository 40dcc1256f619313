package dev.glimpse.results;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Knows how the requests that jobs hold are answered. */
public interface JobWork {

  /** Works on one image. */
  @FunctionalInterface
  interface ImageTask {

    /**
     * Starts the work, without blocking.
     *
     * @return the image's response, also to an image that cannot be read; fails only if the same
     *     image should be tried again later
     */
    CompletionStage<StoredResponse> start();
  }

  /**
   * Takes a job's request apart.
   *
   * @return a task for each image, in their order, which may be started more than once
   * @throws dev.glimpse.failure.ServingException if the request is malformed
   */
  List<ImageTask> open(Job job, byte[] body);

  /** Returns the response to a job that could not be taken apart. */
  StoredResponse failed(Job job, Throwable failure);

  /** Returns the response to the whole job. */
  StoredResponse whole(Job job, List<StoredResponse> images);
}
