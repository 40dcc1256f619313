package dev.glimpse.model;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.signing.ModelVerification;
import dev.glimpse.signing.VerifiedCopy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the exported graph of a model that is in service once more, to look into it or to open it
 * in another way. A model that had to be signed is verified again.
 */
final class GraphSource {

  private final ModelFolder folder;
  private final Optional<FolderSnapshot> loaded;
  private final Optional<ModelVerification> verification;

  private GraphSource(
      ModelFolder folder,
      Optional<FolderSnapshot> loaded,
      Optional<ModelVerification> verification) {
    this.folder = folder;
    this.loaded = loaded;
    this.verification = verification;
  }

  /**
   * Notes what a folder holds; call it before the model is loaded.
   *
   * @param verification by which the model has to be signed; empty: it need not be
   */
  static GraphSource of(ModelFolder folder, Optional<ModelVerification> verification) {
    return new GraphSource(folder, FolderSnapshot.find(folder), verification);
  }

  /**
   * Does something with the graph's file, which must not be used afterwards.
   *
   * @throws ServingException NOT_READY if the folder has changed since the model was loaded
   */
  <T> T with(Function<Path, T> use) {
    requireUnchanged();
    if (verification.isEmpty()) {
      return use.apply(folder.graph());
    }
    try (VerifiedCopy copy = verification.get().copy(folder)) {
      requireUnchanged();
      return use.apply(copy.folder().graph());
    }
  }

  private void requireUnchanged() {
    if (loaded.isEmpty() || !FolderSnapshot.find(folder).equals(loaded)) {
      throw new ServingException(
          Failure.NOT_READY,
          ("The files of \"%s\" have changed since version %d was loaded, so its graph cannot be"
                  + " read again; reload the model.")
              .formatted(folder.name(), folder.version()));
    }
  }
}
