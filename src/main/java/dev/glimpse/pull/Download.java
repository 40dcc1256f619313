package dev.glimpse.pull;

import dev.glimpse.digest.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Downloads a file, in as many attempts as the retry policy allows, and checks its hash. */
final class Download {

  /** Even if each attempt brings some bytes. */
  private static final int MAX_ATTEMPTS = 200;

  private final DownloadClient client;
  private final PullProgressListener progress;
  private final long maxBytes;

  Download(DownloadClient client, PullProgressListener progress, long maxBytes) {
    this.client = client;
    this.progress = progress;
    this.maxBytes = maxBytes;
  }

  /**
   * Downloads a file, and resumes what an earlier run left of it. Blocks until the file is
   * complete.
   *
   * @return its SHA-256
   * @throws FetchException if it cannot be downloaded, or is not the expected file
   */
  String download(RemoteFile file, Path target) throws IOException, InterruptedException {
    if (Files.exists(target)) {
      String sha256 = Sha256.hex(target);
      if (file.sha256().filter(sha256::equals).isPresent()) {
        return sha256;
      }
      Files.delete(target);
    }
    PartialFile partial = new PartialFile(file, target, maxBytes);
    DownloadAttempt attempt = new DownloadAttempt(client, file, partial, maxBytes);
    boolean resumed = partial.resumable() > 0;
    run(attempt, partial);
    String sha256 = Sha256.hex(partial.bytes());
    if (resumed && !matches(file, sha256)) { // the bytes that were there may have been wrong
      partial.discard();
      run(attempt, partial);
      sha256 = Sha256.hex(partial.bytes());
    }
    if (!matches(file, sha256)) {
      partial.discard();
      throw new FetchException(
          "%s is not the expected file: its SHA-256 is %s and should be %s. Correct the checksum if the file was changed on purpose."
              .formatted(file.address(), sha256, file.sha256().orElse("")));
    }
    Files.move(partial.bytes(), target, StandardCopyOption.ATOMIC_MOVE);
    partial.discard();
    progress.done();
    return sha256;
  }

  /**
   * Returns what the next run can use of a file: a partial file, and a complete graph whose hash is
   * known. A description is downloaded again, because it may have been corrected.
   */
  static Set<Path> kept(RemoteFile file, Path files) {
    Path target = files.resolve(file.path());
    Set<Path> kept = new HashSet<>(PartialFile.files(target));
    if (file.sha256().isPresent() && !file.isDescription()) {
      kept.add(target);
    }
    return kept;
  }

  private void run(DownloadAttempt attempt, PartialFile partial)
      throws IOException, InterruptedException {
    int failures = 0;
    for (int number = 1; ; number++) {
      long before = partial.resumable();
      try {
        attempt.run(progress);
        return;
      } catch (RetryableDownloadException e) {
        boolean progressed = partial.resumable() > before;
        failures = progressed ? 0 : failures + 1;
        if (failures == client.retryPolicy().attempts() || number == MAX_ATTEMPTS) {
          throw new FetchException(
              attempt.failureMessage(number, String.valueOf(e.getMessage())), e);
        }
        progress.interrupted(String.valueOf(e.getMessage()));
        Duration pause =
            progressed
                ? Duration.ZERO
                : client.retryPolicy().pause().multipliedBy(1L << Math.min(failures - 1, 10));
        Thread.sleep(Math.max(pause.toMillis(), e.retryAfter().toMillis()));
      }
    }
  }

  private static boolean matches(RemoteFile file, String sha256) {
    return file.sha256().isEmpty() || file.sha256().get().equals(sha256);
  }
}
