package dev.glimpse.fetch;

import dev.glimpse.fetch.Pulled.Arrived;
import dev.glimpse.model.ModelFolder;
import dev.glimpse.model.ModelListing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.CRC32;

/** Fetches a model's files, checks them, and puts them into the repository. */
public final class Pull {

  /**
   * The fields of a <a
   * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">ModelProto</a>, 1 to 8 and 14, as
   * the first byte has them; it nearly always is the first.
   */
  private static final String GRAPHS_BEGIN_WITH = "\b\u0012\u001a\"(2:Br";

  private final Path repository;
  private final Download download;

  /**
   * Makes one.
   *
   * @param bound the most bytes that a file may have
   */
  public Pull(Path repository, Web web, Progress progress, long bound) {
    this.repository = repository;
    this.download = new Download(web, progress, bound);
  }

  /**
   * Fetches a model. Blocks for as long as that takes; what an earlier one left is gone on with.
   *
   * @param version which version it is to be; left out, the next free one
   * @param force whether it may replace a version that is there
   * @throws FetchException if it cannot be; the repository is then as it was
   */
  public Pulled run(Order order, OptionalInt version, boolean force) {
    Placement placement = new Placement(repository, order.name(), key(order), version, force);
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
        requireServable(order, placement, number);
        Path folder = placement.place(number);
        placement.clear();
        return new Pulled(order, number, folder, arrived);
      }
    } catch (IOException e) {
      throw new FetchException(
          "%s cannot be written to (%s).".formatted(repository, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("It was interrupted.", e);
    }
  }

  private static FileLock lock(FileChannel channel, Order order) throws IOException {
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

  private List<Arrived> fetch(Order order, Placement placement)
      throws IOException, InterruptedException {
    try {
      return fetch(order, placement.files());
    } catch (FetchException e) {
      if (placement.isEmpty()) {
        placement.clear();
      }
      throw e;
    }
  }

  private List<Arrived> fetch(Order order, Path files) throws IOException, InterruptedException {
    List<Arrived> arrived = new ArrayList<>();
    for (RemoteFile file : order.files()) {
      Path target = files.resolve(file.path());
      Files.createDirectories(target.getParent());
      String sha256 = download.bring(file, target);
      if (file.sha256().isEmpty() && file.path().endsWith(".onnx")) {
        requireGraph(file, target);
      }
      arrived.add(
          new Arrived(
              file.path(), Files.size(target), sha256, file.sha256().isPresent(), file.licence()));
    }
    for (Map.Entry<String, String> written : order.written().entrySet()) {
      Files.writeString(files.resolve(written.getKey()), written.getValue());
    }
    return arrived;
  }

  /** Not a page that asks for a login, nor a pointer into Git LFS, nor a picture. */
  private static void requireGraph(RemoteFile file, Path target) throws IOException {
    int first;
    try (InputStream bytes = Files.newInputStream(target)) {
      first = bytes.read();
    }
    if (GRAPHS_BEGIN_WITH.indexOf(first) < 0) {
      Files.delete(target);
      throw new FetchException("What came from %s is no ONNX graph.".formatted(file.address()));
    }
  }

  private static void requireServable(Order order, Placement placement, int version)
      throws IOException {
    ModelListing listing =
        ModelListing.of(new ModelFolder(order.name(), version, placement.files()));
    if (listing.problem().isPresent()) {
      String problem = listing.problem().get().replace(placement.files().toString(), order.name());
      placement.clear();
      throw new FetchException(
          "What came from %s is not served. %s".formatted(order.source(), problem));
    }
  }

  /** What is fetched from elsewhere goes elsewhere. */
  private static String key(Order order) {
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
