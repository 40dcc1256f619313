package dev.glimpse.pull;

import dev.glimpse.config.VersionNumber;
import dev.glimpse.pull.PullResult.Arrived;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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
   * Makes one.
   *
   * @param bound the most bytes that a file may have
   */
  public ModelPull(Path repository, DownloadClient web, PullProgressListener progress, long bound) {
    this.repository = repository;
    this.download = new Download(web, progress, bound);
  }

  /**
   * Fetches a model. Blocks for as long as that takes; what an earlier one left is gone on with.
   *
   * @param version which version it is to be, 1 to {@link VersionNumber#HIGHEST}; left out, the
   *     next free one
   * @param force whether it may replace a version that is there
   * @throws FetchException if it cannot be; the repository is then as it was
   */
  public PullResult run(PullRequest order, OptionalInt version, boolean force) {
    StagingFolder placement =
        new StagingFolder(repository, order.name(), key(order), version, force);
    try {
      placement.version(); // before anything is fetched
      Files.createDirectories(placement.files());
      try (FileChannel channel =
              FileChannel.open(
                  placement.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel, order)) {
        assert lock.isValid();
        List<Arrived> arrived = fetch(order, placement);
        int number = placement.version();
        Path folder = placement.place(number);
        placement.clear();
        return new PullResult(order, number, folder, arrived);
      }
    } catch (IOException e) {
      throw new FetchException(
          "%s cannot be written to (%s).".formatted(repository, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("It was interrupted.", e);
    }
  }

  private static FileLock lock(FileChannel channel, PullRequest order) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // somebody else in this very process, as below
    }
    if (lock == null) {
      throw new FetchException(order.name() + " is being fetched already, by somebody else.");
    }
    return lock;
  }

  private List<Arrived> fetch(PullRequest order, StagingFolder placement)
      throws IOException, InterruptedException {
    Set<Path> kept = new HashSet<>();
    order.files().forEach(file -> kept.addAll(Download.kept(file, placement.files())));
    placement.keepOnly(kept); // not what an earlier description of the same model wrote
    try {
      return fetch(order, placement.files());
    } catch (FetchException e) {
      placement.keepOnly(kept);
      if (placement.isEmpty()) {
        placement.clear();
      }
      throw e;
    }
  }

  /** The small files first: when they will not do, nobody wants to have waited for the graph. */
  private List<Arrived> fetch(PullRequest order, Path files)
      throws IOException, InterruptedException {
    DownloadCheck inspection = new DownloadCheck(order, files);
    List<Arrived> arrived = new ArrayList<>();
    for (RemoteFile file : order.descriptions()) {
      arrived.add(bring(file, files));
    }
    for (Map.Entry<String, String> written : order.written().entrySet()) {
      Files.writeString(files.resolve(written.getKey()), written.getValue());
    }
    inspection.beforeGraph();
    for (RemoteFile file : order.graphs()) {
      arrived.add(bring(file, files));
      inspection.arrived(file);
    }
    inspection.whole();
    return arrived;
  }

  private Arrived bring(RemoteFile file, Path files) throws IOException, InterruptedException {
    Path target = files.resolve(file.path());
    Files.createDirectories(target.getParent());
    String sha256 = download.bring(file, target);
    return new Arrived(
        file.path(), Files.size(target), sha256, file.sha256().isPresent(), file.licence());
  }

  /** What is fetched from elsewhere goes elsewhere. */
  private static String key(PullRequest order) {
    CRC32 sum = new CRC32();
    order
        .files()
        .forEach(file ->
            sum.update(
                (file.path() + " " + file.address())
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    return Long.toHexString(sum.getValue());
  }
}
