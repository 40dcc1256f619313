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
 * Loads and validates a version before it replaces another: verifies its checksums, warms it up,
 * and classifies its golden images.
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
   * @throws UnservableModelException if it cannot be served, or its folder has changed in between;
   *     any other exception is wrapped, as a third party's model may fail in unexpected ways
   */
  Model load(ModelFolder folder, FolderSnapshot state) {
    try {
      Checksums.verify(folder);
      return validated(folder, loader.load(folder), state);
    } catch (UnservableModelException e) {
      throw e;
    } catch (RuntimeException | Error e) { // e.g. OutOfMemoryError
      LOG.errorf(
          e, "%s/%d failed to load with an unexpected error", folder.name(), folder.version());
      throw folder.unservable("it cannot be loaded; see the log for the reason");
    }
  }

  private Model validated(ModelFolder folder, Model model, FolderSnapshot state) {
    try {
      int images = golden.verify(folder, model);
      if (!FolderSnapshot.of(folder).equals(state)) {
        throw folder.unservable("its files changed while it was loaded");
      }
      LOG.debugf("%s/%d classifies its %d golden images", folder.name(), folder.version(), images);
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }
}
