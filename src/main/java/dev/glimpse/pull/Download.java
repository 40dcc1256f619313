package dev.glimpse.pull;

import dev.glimpse.digest.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Brings a file here, in as many attempts as it takes, and checks it. */
final class Download {

  /** However much each of them brings. */
  private static final int MOST_ATTEMPTS = 200;

  private final DownloadClient web;
  private final PullProgressListener progress;
  private final long bound;

  Download(DownloadClient web, PullProgressListener progress, long bound) {
    this.web = web;
    this.progress = progress;
    this.bound = bound;
  }

  /**
   * Brings a file; what an earlier run left of it is gone on with.
   *
   * @return its SHA-256
   */
  String bring(RemoteFile file, Path target) throws IOException, InterruptedException {
    if (Files.exists(target)) {
      String sha256 = Sha256.hex(target);
      if (file.sha256().filter(sha256::equals).isPresent()) {
        return sha256;
      }
      Files.delete(target);
    }
    PartialFile partial = new PartialFile(file, target, bound);
    DownloadAttempt transfer = new DownloadAttempt(web, file, partial, bound);
    boolean built = partial.resumable() > 0;
    transfer(transfer, partial);
    String sha256 = Sha256.hex(partial.bytes());
    if (built && !matches(file, sha256)) { // what was there may have been the fault
      partial.forget();
      transfer(transfer, partial);
      sha256 = Sha256.hex(partial.bytes());
    }
    if (!matches(file, sha256)) {
      partial.forget();
      throw new FetchException(
          "%s is not the file that is meant: its SHA-256 is %s and should be %s."
              .formatted(file.address(), sha256, file.sha256().orElse("")));
    }
    Files.move(partial.bytes(), target, StandardCopyOption.ATOMIC_MOVE);
    partial.forget();
    progress.done();
    return sha256;
  }

  /**
   * What is worth keeping of a file for the next run: what can be gone on with, and the whole of a
   * large one that can be told to be right. A small one comes anew, as it may have been mended.
   */
  static Set<Path> kept(RemoteFile file, Path files) {
    Path target = files.resolve(file.path());
    Set<Path> kept = new HashSet<>(PartialFile.files(target));
    if (file.sha256().isPresent() && !file.isDescription()) {
      kept.add(target);
    }
    return kept;
  }

  private void transfer(DownloadAttempt transfer, PartialFile partial)
      throws IOException, InterruptedException {
    int fruitless = 0;
    for (int attempt = 1; ; attempt++) {
      long before = partial.resumable();
      try {
        transfer.run(progress);
        return;
      } catch (RetryableDownloadException e) {
        boolean moved = partial.resumable() > before;
        fruitless = moved ? 0 : fruitless + 1;
        if (fruitless == web.patience().attempts() || attempt == MOST_ATTEMPTS) {
          throw new FetchException(transfer.givenUp(attempt, String.valueOf(e.getMessage())), e);
        }
        progress.interrupted(String.valueOf(e.getMessage()));
        Duration pause =
            moved
                ? Duration.ZERO
                : web.patience().pause().multipliedBy(1L << Math.min(fruitless - 1, 10));
        Thread.sleep(Math.max(pause.toMillis(), e.waiting().toMillis()));
      }
    }
  }

  private static boolean matches(RemoteFile file, String sha256) {
    return file.sha256().isEmpty() || file.sha256().get().equals(sha256);
  }
}
