package dev.glimpse.results;

import dev.glimpse.results.JobStore.Taken;
import dev.glimpse.results.JobWork.ImageTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds a job that is being worked on, with its body. Confined to the {@link ResultsThread}. */
final class ActiveJob {

  private final Job job;
  private final long size;
  private final List<ImageTask> tasks;
  private final @Nullable StoredResponse[] answers;
  private final Deque<Integer> open = new ArrayDeque<>();
  private int left;
  private int running;
  private long bytes;

  /**
   * Begins where an earlier process has ended.
   *
   * @param tasks one for each image
   */
  ActiveJob(Taken taken, List<ImageTask> tasks) {
    this.job = taken.job();
    this.size = taken.body().length;
    this.tasks = tasks;
    this.answers = new StoredResponse[tasks.size()];
    for (int i = 0; i < tasks.size(); i++) {
      StoredResponse known = taken.answered().get(i);
      if (known == null) {
        open.add(i);
        left++;
      } else {
        answers[i] = known;
        bytes += known.body().length;
      }
    }
  }

  Job job() {
    return job;
  }

  /** Returns the bytes of its body. */
  long size() {
    return size;
  }

  /** Returns whether an image was not started. */
  boolean hasOpen() {
    return !open.isEmpty();
  }

  /** Takes the next image that was not started; call {@link #ended} after it. */
  int next() {
    running++;
    return open.remove();
  }

  /** Notes that an image is not worked on any more. */
  void ended() {
    running--;
  }

  /** Returns whether an image is being worked on, which needs the body. */
  boolean isRunning() {
    return running > 0;
  }

  /** Gives back an image that has to be started again. */
  void again(int image) {
    open.addFirst(image);
  }

  ImageTask task(int image) {
    return tasks.get(image);
  }

  void add(int image, StoredResponse answer) {
    answers[image] = answer;
    bytes += answer.body().length;
    left--;
  }

  /** Returns whether all images are answered. */
  boolean isDone() {
    return left == 0;
  }

  /** Returns the bytes of all answers. */
  long bytes() {
    return bytes;
  }

  List<StoredResponse> all() {
    List<StoredResponse> all = new ArrayList<>();
    for (StoredResponse answer : answers) {
      all.add(Objects.requireNonNull(answer, "every image is answered"));
    }
    return all;
  }
}
