package dev.glimpse.model;

import dev.glimpse.failure.UnservableModelException;
import org.jboss.logging.Logger;

/**
 * What a version goes through before it takes another's place: its checksums are compared, it is
 * loaded and warmed up, and shown the pictures that it must know.
 */
final class Vetting {

  private static final Logger LOG = Logger.getLogger(Vetting.class);

  private final ModelLoader loader;
  private final GoldenPictures golden;

  Vetting(ModelLoader loader, GoldenPictures golden) {
    this.loader = loader;
    this.golden = golden;
  }

  /**
   * Loads a version.
   *
   * @param state what its folder held before
   * @return owned by the caller
   * @throws UnservableModelException if it is not to be served, or its folder has changed meanwhile
   */
  Model load(ModelFolder folder, FolderState state) {
    Checksums.verify(folder);
    Model model = loader.load(folder);
    try {
      int shown = golden.verify(folder, model);
      if (!FolderState.of(folder).equals(state)) {
        throw folder.unservable("it was written to while it was loaded");
      }
      LOG.debugf("%s/%d knows its %d pictures", folder.name(), folder.version(), shown);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }
}
