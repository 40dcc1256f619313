package dev.glimpse.repository;

import dev.glimpse.digest.Sha256;
import dev.glimpse.threads.DaemonThreads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Computes the SHA-256 of all files of a model's folder, when it is first asked for, on a thread of
 * its own: an image does not wait for that of a large graph. It stands for the files that the model
 * was loaded from: a folder that has changed since then has none. For many threads at once.
 */
public final class FolderDigest implements Supplier<Optional<String>> {

  private static final Logger LOG = Logger.getLogger(FolderDigest.class);

  private final ModelFolder folder;
  private final Optional<FolderSnapshot> loaded;
  private @Nullable CompletableFuture<Optional<String>> digest;

  private FolderDigest(ModelFolder folder, Optional<FolderSnapshot> loaded) {
    this.folder = folder;
    this.loaded = loaded;
  }

  /** Notes what a folder holds; call it before its files are read. */
  public static FolderDigest of(ModelFolder folder) {
    return new FolderDigest(folder, FolderSnapshot.find(folder));
  }

  /**
   * Returns the digest in hexadecimal, without waiting for it.
   *
   * @return empty until it is known, and if the folder has changed since it was loaded, or cannot
   *     be read
   */
  @Override
  public Optional<String> get() {
    return computed().getNow(Optional.empty());
  }

  /** Returns the digest when it is known; starts to compute it with the first call. */
  synchronized CompletableFuture<Optional<String>> computed() {
    CompletableFuture<Optional<String>> known = digest;
    if (known == null) {
      CompletableFuture<Optional<String>> started = new CompletableFuture<>();
      DaemonThreads.start("model-digest", () -> started.complete(compute()));
      digest = started;
      known = started;
    }
    return known;
  }

  private Optional<String> compute() {
    if (loaded.isEmpty()) {
      return Optional.empty();
    }
    try {
      String hash = hash(loaded.get());
      if (FolderSnapshot.find(folder).equals(loaded)) {
        return Optional.of(hash);
      }
    } catch (IOException e) {
      LOG.debugf(e, "%s/%d has no digest", folder.name(), folder.version());
      return Optional.empty();
    }
    LOG.debugf("%s/%d has changed since it was loaded", folder.name(), folder.version());
    return Optional.empty();
  }

  /** Hashes each file's path and content; a name has no line break, or it would be two. */
  private String hash(FolderSnapshot files) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : files.files().keySet()) {
      Path file = folder.path().resolve(name);
      lines.append(Sha256.hex(file)).append(' ').append(name.length()).append(' ').append(name);
    }
    return Sha256.hex(lines.toString().getBytes(StandardCharsets.UTF_8));
  }
}
