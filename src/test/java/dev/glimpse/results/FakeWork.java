package dev.glimpse.results;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Works on images when a test says so. */
final class FakeWork implements JobWork {

  /** An image that was started: the job's body, and its place. */
  record Started(String body, int image, CompletableFuture<StoredResponse> answer) {

    void succeed() {
      answer.complete(Jobs.answer(body.substring(0, 1) + image));
    }
  }

  final List<Started> started = new ArrayList<>();
  private boolean wholeFails;

  @Override
  public List<ImageTask> open(Job job, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (text.equals("malformed")) {
      throw new IllegalArgumentException(text);
    }
    failIf(text.equals("no memory to open"));
    return IntStream.range(0, job.images())
        .<ImageTask>mapToObj(i ->
            () -> {
              failIf(text.equals("no memory to start"));
              wholeFails = text.equals("no memory for the whole");
              Started image = new Started(text, i, new CompletableFuture<>());
              started.add(image);
              return image.answer;
            })
        .toList();
  }

  private static void failIf(boolean fails) {
    if (fails) {
      throw new OutOfMemoryError("no memory");
    }
  }

  @Override
  public StoredResponse failed(Job job, Throwable failure) {
    return new StoredResponse(
        400,
        "application/problem+json",
        java.util.Optional.empty(),
        String.valueOf(failure.getMessage()).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public StoredResponse whole(Job job, List<StoredResponse> images) {
    failIf(wholeFails);
    return Jobs.answer(images.stream().map(Jobs::text).collect(Collectors.joining(",")));
  }
}
