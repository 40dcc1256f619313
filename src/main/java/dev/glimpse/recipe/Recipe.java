package dev.glimpse.recipe;

import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.PropertiesFile;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Holds how an image becomes the input tensor, as far as the files say; the graph's input says the
 * rest.
 *
 * @param source the file it was read from, for messages
 * @param steps from pixels to numbers
 * @param channels the tensor's channels; empty: red, green and blue, or gray if the graph takes one
 *     channel
 * @param channelsLast whether the channels are the tensor's last dimension; the graph's shape takes
 *     precedence if it shows them
 * @param origins the source of each value; computed on demand
 * @param hints what to change if it does not fit the graph
 */
public record Recipe(
    String source,
    Preprocessing steps,
    Optional<Channels> channels,
    boolean channelsLast,
    Supplier<Provenance> origins,
    FixHints hints) {

  private static final String IMAGE_PROCESSOR = "image_processor";
  private static final String TIMM_IMAGE_PROCESSOR = "TimmWrapperImageProcessor";

  /**
   * Reads Hugging Face's {@code preprocessor_config.json} or {@code processor_config.json} or,
   * where they are missing, timm's {@code pretrained_cfg} in {@code config.json} or, where that is
   * missing too, DJL's {@code serving.properties}.
   *
   * @return empty if none of these files exists: the graph has to say everything
   * @throws dev.glimpse.failure.UnservableModelException if a value is invalid or unsupported, or
   *     there is a {@code config.json} without preprocessing
   */
  public static Optional<Recipe> read(ModelFolder folder) {
    Optional<JsonFile> processor = processor(folder);
    if (processor.isPresent()) {
      return Optional.of(huggingFace(folder, processor.get()));
    }
    boolean configured = Files.exists(folder.file(ModelFolder.CONFIG));
    if (configured) {
      JsonFile config = JsonFile.read(folder, ModelFolder.CONFIG);
      if (config.find(TimmConfig.KEY) != null) {
        return Optional.of(TimmConfig.read(config));
      }
    }
    if (Files.exists(folder.file(ModelFolder.SERVING))) {
      return Optional.of(DjlServingConfig.read(PropertiesFile.read(folder, ModelFolder.SERVING)));
    }
    if (configured) {
      throw folder.unservable(ModelFolder.PREPROCESSOR + " is missing; add it");
    }
    return Optional.empty();
  }

  /**
   * Finds the image processor's settings: a file of their own or, as newer versions of transformers
   * write them, an object in a file for all processors of the model.
   */
  private static Optional<JsonFile> processor(ModelFolder folder) {
    for (String name : List.of(ModelFolder.PREPROCESSOR, ModelFolder.PROCESSOR)) {
      if (Files.exists(folder.file(name))) {
        JsonFile file = JsonFile.read(folder, name);
        if (file.find(IMAGE_PROCESSOR) != null) {
          return Optional.of(file.object(IMAGE_PROCESSOR));
        }
        if (name.equals(ModelFolder.PREPROCESSOR)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static Recipe huggingFace(ModelFolder folder, JsonFile file) {
    if (TIMM_IMAGE_PROCESSOR.equals(file.text(PreprocessorKeys.NAME))) {
      // This processor keeps its settings in config.json; its own file holds little but the name.
      return TimmConfig.read(
          file.find(TimmConfig.KEY) != null ? file : JsonFile.read(folder, ModelFolder.CONFIG));
    }
    return PreprocessorConfig.read(file, modelType(folder));
  }

  private static Optional<String> modelType(ModelFolder folder) {
    return Files.exists(folder.file(ModelFolder.CONFIG))
        ? Optional.ofNullable(
            JsonFile.read(folder, ModelFolder.CONFIG).text(PreprocessorConfig.MODEL_TYPE))
        : Optional.empty();
  }
}
