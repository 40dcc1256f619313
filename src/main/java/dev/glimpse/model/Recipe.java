package dev.glimpse.model;

import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.Preprocessing;
import java.nio.file.Files;
import java.util.Optional;

/**
 * What a folder's files say of the way from a picture to the input tensor; the graph says the rest.
 *
 * @param source where they say so, for messages
 * @param steps from pixels to numbers
 * @param channels the tensor's channels; empty: red, green and blue, or grey where the graph takes
 *     one channel
 * @param channelsLast whether the channels are the tensor's last dimension; where the graph shows
 *     it, the graph is right
 */
record Recipe(
    String source, Preprocessing steps, Optional<Channels> channels, boolean channelsLast) {

  private static final String TIMM_IMAGE_PROCESSOR = "TimmWrapperImageProcessor";

  /**
   * Reads Hugging Face's {@code preprocessor_config.json} or, where it is missing, timm's {@code
   * pretrained_cfg} in {@code config.json}.
   *
   * @throws dev.glimpse.failure.UnservableModelException if there is none, or what it says cannot
   *     be honoured
   */
  static Recipe read(ModelFolder folder) {
    if (!Files.exists(folder.file(ModelFolder.PREPROCESSOR))) {
      JsonFile config = JsonFile.read(folder, ModelFolder.CONFIG);
      if (config.find(TimmConfig.KEY) != null) {
        return TimmConfig.read(config);
      }
    }
    JsonFile file = JsonFile.read(folder, ModelFolder.PREPROCESSOR);
    if (TIMM_IMAGE_PROCESSOR.equals(file.text(PreprocessorKeys.NAME))) {
      // It keeps its settings in config.json; this file is then hardly more than its name.
      return TimmConfig.read(
          file.find(TimmConfig.KEY) != null ? file : JsonFile.read(folder, ModelFolder.CONFIG));
    }
    return PreprocessorConfig.read(file);
  }
}
