package dev.glimpse.registry;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.model.GoldenImages;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.repository.Checksums;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * What a version goes through before it takes another's place: its checksums are compared, it is
 * loaded and warmed up, and shown the pictures that it must know.
 */
@Singleton
final class ModelValidator {

  private static final Logger LOG = Logger.getLogger(ModelValidator.class);

  private final ModelLoader loader;
  private final GoldenImages golden;

  ModelValidator(ModelLoader loader, ImageDecoder decoder) {
    this.loader = loader;
    this.golden = new GoldenImages(new ImageInference(decoder));
  }

  /**
   * Loads a version.
   *
   * @param state what its folder held before
   * @return owned by the caller
   * @throws UnservableModelException if it is not to be served, or its folder has changed
   *     meanwhile; and nothing else, as nobody knows all that may be wrong with what somebody else
   *     has made
   */
  Model load(ModelFolder folder, FolderSnapshot state) {
    try {
      Checksums.verify(folder);
      return shown(folder, loader.load(folder), state);
    } catch (UnservableModelException e) {
      throw e;
    } catch (RuntimeException | Error e) { // an Error too: it may be too large for our memory
      LOG.errorf(e, "%s/%d fails in a way that we do not know", folder.name(), folder.version());
      throw folder.unservable("it cannot be loaded, and the log says why");
    }
  }

  private Model shown(ModelFolder folder, Model model, FolderSnapshot state) {
    try {
      int shown = golden.verify(folder, model);
      if (!FolderSnapshot.of(folder).equals(state)) {
        throw folder.unservable("it was written to while it was loaded");
      }
      LOG.debugf("%s/%d knows its %d pictures", folder.name(), folder.version(), shown);
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }
}
