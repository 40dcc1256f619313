package dev.glimpse.pull;

import dev.glimpse.pull.PullResult.FetchedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.zip.CRC32;

/** Fetches a model's files, checks them, and puts them into the repository. */
public final class ModelPull {

  private final Path repository;
  private final Download download;

  /**
   * Creates a pull into a repository.
   *
   * @param maxBytes the largest file allowed
   */
  public ModelPull(
      Path repository, DownloadClient client, PullProgressListener progress, long maxBytes) {
    this.repository = repository;
    this.download = new Download(client, progress, maxBytes);
  }

  /**
   * Fetches a model, and resumes what an earlier call left. Blocks until the model is complete.
   *
   * @param version the version to create, 1 to {@link VersionNumber#HIGHEST}; empty: the next free
   *     one
   * @param force whether to replace a version that exists
   * @throws FetchException if it cannot be fetched; the repository's models are then unchanged
   */
  public PullResult run(PullRequest request, OptionalInt version, boolean force) {
    StagingFolder staging =
        new StagingFolder(repository, request.name(), key(request), version, force);
    try {
      staging.version(); // before anything is fetched
      Files.createDirectories(staging.files());
      try (FileChannel channel =
              FileChannel.open(
                  staging.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel, request)) {
        assert lock.isValid();
        List<FetchedFile> fetched = fetch(request, staging);
        int number = staging.version();
        Path folder = staging.publish(number);
        staging.clear();
        return new PullResult(request, number, folder, fetched);
      }
    } catch (IOException e) {
      throw new FetchException(
          "%s cannot be written to (%s); check permissions and free space."
              .formatted(repository, e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("The download was interrupted.", e);
    }
  }

  private static FileLock lock(FileChannel channel, PullRequest request) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // held by this very process; same as held by another one
    }
    if (lock == null) {
      throw new FetchException(
          request.name()
              + " is already being fetched by another process; wait until that has ended.");
    }
    return lock;
  }

  private List<FetchedFile> fetch(PullRequest request, StagingFolder staging)
      throws IOException, InterruptedException {
    Set<Path> kept = new HashSet<>();
    request.files().forEach(file -> kept.addAll(Download.kept(file, staging.files())));
    // Files of an earlier request for the same model do not belong to this one.
    staging.keepOnly(kept);
    try {
      return fetch(request, staging.files());
    } catch (FetchException e) {
      staging.keepOnly(kept);
      if (staging.isEmpty()) {
        staging.clear();
      }
      throw e;
    }
  }

  /** Fetches the small files first, so that wrong ones are reported before the large download. */
  private List<FetchedFile> fetch(PullRequest request, Path files)
      throws IOException, InterruptedException {
    DownloadCheck check = new DownloadCheck(request, files);
    List<FetchedFile> fetched = new ArrayList<>();
    for (RemoteFile file : request.descriptions()) {
      fetched.add(download(file, files));
    }
    for (Map.Entry<String, String> content : request.contents().entrySet()) {
      Files.writeString(files.resolve(content.getKey()), content.getValue());
    }
    check.beforeGraph();
    for (RemoteFile file : request.graphs()) {
      fetched.add(download(file, files));
      check.afterFile(file);
    }
    check.afterAll();
    return fetched;
  }

  private FetchedFile download(RemoteFile file, Path files)
      throws IOException, InterruptedException {
    Path target = files.resolve(file.path());
    Files.createDirectories(target.getParent());
    String sha256 = download.download(file, target);
    return new FetchedFile(
        file.path(), Files.size(target), sha256, file.sha256().isPresent(), file.licence());
  }

  /** Returns a key of the files' addresses, so that another source gets another staging folder. */
  private static String key(PullRequest request) {
    CRC32 sum = new CRC32();
    request
        .files()
        .forEach(file ->
            sum.update((file.path() + " " + file.address()).getBytes(StandardCharsets.UTF_8)));
    return Long.toHexString(sum.getValue());
  }
}
