package dev.glimpse.pull;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes one attempt at downloading a file: requests the missing range (<a
 * href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5">RFC 9110, If-Range</a>) and appends
 * the response to the partial file.
 */
final class DownloadAttempt {

  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18})");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

  private final DownloadClient client;
  private final RemoteFile file;
  private final PartialFile partial;
  private final long maxBytes;

  DownloadAttempt(DownloadClient client, RemoteFile file, PartialFile partial, long maxBytes) {
    this.client = client;
    this.file = file;
    this.partial = partial;
    this.maxBytes = maxBytes;
  }

  /**
   * Sends one request and writes what it brings.
   *
   * @throws RetryableDownloadException if bytes are missing and another attempt may bring them
   * @throws FetchException if another attempt would fail, too
   */
  void run(PullProgressListener progress) throws IOException, InterruptedException {
    long have = partial.resumable();
    if (have > 0 && file.size().isPresent() && have == file.size().getAsLong()) {
      progress.started(file.path(), have, file.size());
      return;
    }
    Map<String, String> headers = new HashMap<>();
    if (have > 0) {
      headers.put("Range", "bytes=" + have + "-");
      partial.validator().ifPresent(validator -> headers.put("If-Range", validator));
    }
    HttpResponse<TimedBodySubscriber> response = client.get(file.address(), headers);
    try {
      requireSuccess(response);
      boolean resumes = response.statusCode() == 206;
      OptionalLong total =
          resumes ? totalOfRange(response.headers(), have) : length(response.headers());
      requireSize(total);
      if (!resumes) {
        have = 0;
        partial.storeValidator(response.headers());
      }
      progress.started(file.path(), have, total.isPresent() ? total : file.size());
      write(response.body(), have, total, progress);
    } finally {
      response.body().cancel();
    }
  }

  /** Returns the message for a download that has failed for good. */
  String failureMessage(int attempts, String last) throws IOException {
    return "%s could not be downloaded in %d attempts: %s.%s"
        .formatted(
            file.address(),
            attempts,
            last,
            partial.resumable() > 0
                ? " The partial file is kept; run the same command again to resume."
                : "");
  }

  private void write(
      TimedBodySubscriber body, long have, OptionalLong total, PullProgressListener progress)
      throws IOException, InterruptedException {
    long limit = total.orElse(file.size().orElse(maxBytes));
    long position = have;
    try (FileChannel channel =
        FileChannel.open(partial.bytes(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(have).position(have);
      for (Optional<List<ByteBuffer>> piece = body.next(); piece.isPresent(); piece = body.next()) {
        for (ByteBuffer bytes : piece.get()) {
          position += bytes.remaining();
          if (position > limit) {
            throw new FetchException(
                "%s sends more than the %d bytes expected; the download was stopped."
                    .formatted(file.address(), limit));
          }
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        }
        progress.received(position);
      }
    }
    long expected = file.size().orElse(total.orElse(position));
    if (position < expected) {
      throw new RetryableDownloadException(
          "the response ended after %d of %d bytes".formatted(position, expected));
    }
  }

  private void requireSuccess(HttpResponse<?> response) throws IOException {
    int status = response.statusCode();
    if (status == 200 || status == 206) {
      return;
    }
    if (status == 416) {
      partial.discard();
      throw new RetryableDownloadException(
          "the server has no bytes beyond the partial file, which was discarded");
    }
    if (status == 404 || status == 410) {
      throw new FetchException(
          "%s does not exist (status %d); check the address.".formatted(file.address(), status));
    }
    if (status == 429 || status == 408 || status >= 500) {
      throw new RetryableDownloadException(
          "the server responded with status " + status, retryAfter(response.headers()));
    }
    String why =
        status == 401 || status == 403 ? ": it requires a login, or the file does not exist" : "";
    throw new FetchException(
        "%s responded with status %d%s.".formatted(file.address(), status, why));
  }

  private Duration retryAfter(HttpHeaders headers) {
    Duration wait =
        headers
            .firstValue("Retry-After")
            .filter(text -> SECONDS.matcher(text).matches())
            .map(text -> Duration.ofSeconds(Long.parseLong(text)))
            .orElse(Duration.ZERO);
    if (wait.compareTo(client.retryPolicy().maxRetryAfter()) > 0) {
      throw new FetchException(
          "%s asks to retry in %d seconds; run the same command again then, which resumes the partial file."
              .formatted(file.address().getHost(), wait.toSeconds()));
    }
    return wait;
  }

  private OptionalLong totalOfRange(HttpHeaders headers, long have) throws IOException {
    Matcher range = RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    if (!range.matches() || Long.parseLong(range.group(1)) != have) {
      partial.discard();
      throw new RetryableDownloadException("the server sent another range than was requested");
    }
    return OptionalLong.of(Long.parseLong(range.group(2)));
  }

  private static OptionalLong length(HttpHeaders headers) {
    return headers.firstValueAsLong("Content-Length");
  }

  private void requireSize(OptionalLong total) {
    if (total.isPresent() && file.size().isPresent() && !total.equals(file.size())) {
      throw new FetchException(
          "%s has %d bytes and should have %d; it is not the expected file."
              .formatted(file.address(), total.getAsLong(), file.size().getAsLong()));
    }
    if (total.orElse(0) > maxBytes) {
      throw new FetchException(
          "%s has %d bytes, more than the %d that a file may have; raise --max-bytes to allow it."
              .formatted(file.address(), total.getAsLong(), maxBytes));
    }
  }
}
