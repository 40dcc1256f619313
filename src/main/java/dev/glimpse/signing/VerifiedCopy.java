package dev.glimpse.signing;

import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Holds the files of a model as they were verified, where only this process's user can change them,
 * so that what is loaded is what was signed. What is mapped into memory stays when it is closed.
 */
public final class VerifiedCopy implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(VerifiedCopy.class);

  private final ModelFolder folder;
  private final String signer;
  private final long millis;

  VerifiedCopy(ModelFolder folder, String signer, long millis) {
    this.folder = folder;
    this.signer = signer;
    this.millis = millis;
  }

  /** Returns the copy; its messages name the model's own folder. */
  public ModelFolder folder() {
    return folder;
  }

  /** Returns who has signed the model and how long that took to find out, for the log. */
  public String words() {
    return "%s/%d is signed by %s; verified in %d ms"
        .formatted(folder.name(), folder.version(), signer, millis);
  }

  /** Deletes the copy; what cannot be deleted is logged. */
  @Override
  public void close() {
    delete(folder.path());
  }

  static void delete(Path copy) {
    try (Stream<Path> files = Files.walk(copy)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warnf(e, "The copy of a model in %s cannot be deleted; delete it", copy);
    }
  }
}
