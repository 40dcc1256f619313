package dev.glimpse.results;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Makes jobs for tests. */
final class Jobs {

  private Jobs() {}

  static Job of(String owner, int images) {
    return new Job(
        JobIds.next(),
        owner,
        1_000,
        "request/1",
        "/predict/batch",
        Map.of("top_k", "3"),
        Optional.of("application/json"),
        Optional.empty(),
        images,
        Optional.empty());
  }

  static Job calling(String callback) {
    Job job = of("", 1);
    return new Job(
        job.id(),
        job.owner(),
        job.accepted(),
        job.requestId(),
        job.path(),
        job.query(),
        job.contentType(),
        job.acceptLanguage(),
        1,
        Optional.of(callback));
  }

  static StoredResponse answer(String text) {
    return new StoredResponse(
        200, "application/json", Optional.of("zh"), text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(StoredResponse answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
