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
 * One attempt at a file: asks for what is missing of it (<a
 * href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5">RFC 9110, If-Range</a>) and writes
 * what comes behind what is there.
 */
final class DownloadAttempt {

  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18})");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");
  private static final Duration UNSAID = Duration.ZERO;

  private final DownloadClient web;
  private final RemoteFile file;
  private final PartialFile partial;
  private final long bound;

  DownloadAttempt(DownloadClient web, RemoteFile file, PartialFile partial, long bound) {
    this.web = web;
    this.file = file;
    this.partial = partial;
    this.bound = bound;
  }

  /**
   * Asks once.
   *
   * @throws RetryableDownloadException if less came than should have, and more may come another
   *     time
   * @throws FetchException if there is no use in asking again
   */
  void run(PullProgressListener progress) throws IOException, InterruptedException {
    long have = partial.resumable();
    if (have > 0 && file.size().isPresent() && have == file.size().getAsLong()) {
      return;
    }
    Map<String, String> headers = new HashMap<>();
    if (have > 0) {
      headers.put("Range", "bytes=" + have + "-");
      partial.mark().ifPresent(mark -> headers.put("If-Range", mark));
    }
    HttpResponse<TimedBodySubscriber> answer = web.get(file.address(), headers);
    try {
      requireGood(answer);
      boolean goesOn = answer.statusCode() == 206;
      OptionalLong total = goesOn ? rest(answer.headers(), have) : length(answer.headers());
      requireSize(total);
      if (!goesOn) {
        have = 0;
        partial.keepMark(answer.headers());
      }
      progress.begins(file.path(), have, total.isPresent() ? total : file.size());
      write(answer.body(), have, total, progress);
    } finally {
      answer.body().cancel();
    }
  }

  /** Why nothing more is tried. */
  String givenUp(int attempts, String last) throws IOException {
    return "%s is given up after %d attempts: %s.%s"
        .formatted(
            file.address(),
            attempts,
            last,
            partial.resumable() > 0
                ? " What has come is kept; the same command goes on from there."
                : "");
  }

  private void write(
      TimedBodySubscriber body, long have, OptionalLong total, PullProgressListener progress)
      throws IOException, InterruptedException {
    long limit = total.orElse(file.size().orElse(bound));
    long at = have;
    try (FileChannel channel =
        FileChannel.open(partial.bytes(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(have).position(have);
      for (Optional<List<ByteBuffer>> piece = body.next(); piece.isPresent(); piece = body.next()) {
        for (ByteBuffer bytes : piece.get()) {
          at += bytes.remaining();
          if (at > limit) {
            throw new FetchException(
                "%s sends more than %d bytes; it is given up.".formatted(file.address(), limit));
          }
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        }
        progress.at(at);
      }
    }
    long expected = file.size().orElse(total.orElse(at));
    if (at < expected) {
      throw new RetryableDownloadException("it ended at %d of %d bytes".formatted(at, expected));
    }
  }

  private void requireGood(HttpResponse<?> answer) throws IOException {
    int status = answer.statusCode();
    if (status == 200 || status == 206) {
      return;
    }
    if (status == 416) {
      partial.forget();
      throw new RetryableDownloadException("it has no more than what is here, which is begun anew");
    }
    if (status == 404 || status == 410) {
      throw new FetchException("There is nothing at %s (%d).".formatted(file.address(), status));
    }
    if (status == 429 || status == 408 || status >= 500) {
      throw new RetryableDownloadException("it answers " + status, wait(answer.headers()));
    }
    String why = status == 401 || status == 403 ? ": it wants a login, or has no such file" : "";
    throw new FetchException("%s answers %d%s.".formatted(file.address(), status, why));
  }

  private Duration wait(HttpHeaders headers) {
    Duration wait =
        headers
            .firstValue("Retry-After")
            .filter(text -> SECONDS.matcher(text).matches())
            .map(text -> Duration.ofSeconds(Long.parseLong(text)))
            .orElse(UNSAID);
    if (wait.compareTo(web.patience().longestWait()) > 0) {
      throw new FetchException(
          "%s wants to be asked again in %d seconds; what has come is kept for then."
              .formatted(file.address().getHost(), wait.toSeconds()));
    }
    return wait;
  }

  private OptionalLong rest(HttpHeaders headers, long have) throws IOException {
    Matcher range = RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    if (!range.matches() || Long.parseLong(range.group(1)) != have) {
      partial.forget();
      throw new RetryableDownloadException("it sent another part than was asked for");
    }
    return OptionalLong.of(Long.parseLong(range.group(2)));
  }

  private static OptionalLong length(HttpHeaders headers) {
    return headers.firstValueAsLong("Content-Length");
  }

  private void requireSize(OptionalLong total) {
    if (total.isPresent() && file.size().isPresent() && !total.equals(file.size())) {
      throw new FetchException(
          "%s has %d bytes and should have %d; it is not the file that is meant."
              .formatted(file.address(), total.getAsLong(), file.size().getAsLong()));
    }
    if (total.orElse(0) > bound) {
      throw new FetchException(
          "%s has %d bytes, more than the %d that a file may have (--max-bytes)."
              .formatted(file.address(), total.getAsLong(), bound));
    }
  }
}
