package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessing.Target;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.ModelFolder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads Hugging Face's {@code preprocessor_config.json} as a recipe. A missing key has the default
 * of the {@link ImageProcessor} that the file names or, if it names none, of the architecture's;
 * without either, the step is skipped.
 */
final class PreprocessorConfig {

  static final String MODEL_TYPE = "model_type";

  private static final String BY_MODEL_TYPE = " by " + ModelFolder.CONFIG + ": " + MODEL_TYPE;
  private static final double ONE_LEVEL = 1 / 255.0;

  private final JsonFile file;
  private final Optional<ImageProcessor> processor;
  private final boolean resize;
  private final Optional<ConvNextConfig> convNext;

  private PreprocessorConfig(JsonFile read, Optional<String> modelType) {
    String name = read.text(PreprocessorKeys.NAME);
    @Nullable String named = name != null ? name : read.text(PreprocessorKeys.OLD_NAME);
    if (named == null) {
      this.processor = modelType.flatMap(ImageProcessor::ofModelType);
      this.file =
          processor
              .map(p -> read.withDefaults(p.defaults(), p.title() + BY_MODEL_TYPE))
              .orElseGet(() -> read.orElse(PreprocessorKeys.NAME));
    } else {
      this.processor = ImageProcessor.named(named);
      this.file = processor.map(p -> read.withDefaults(p.defaults(), p.title())).orElse(read);
    }
    if (named == null && processor.isEmpty()) {
      PreprocessorKeys.refuseHalfSaid(file);
    }
    this.resize = file.flag("do_resize", false);
    boolean share = resize && file.find("crop_pct") != null;
    // A file without a processor's name but with this key is read as ConvNeXT's, the only
    // supported processor that has it.
    boolean hasConvNext =
        share && processor.map(ImageProcessor.CONVNEXT::equals).orElse(named == null);
    if (share && !hasConvNext) {
      throw file.unservable("\"crop_pct\" is supported for ConvNeXT's image processor only");
    }
    this.convNext = hasConvNext ? Optional.of(new ConvNextConfig(file)) : Optional.empty();
  }

  /**
   * Reads a model's recipe.
   *
   * @param modelType what {@code config.json} calls the architecture
   * @throws dev.glimpse.failure.UnservableModelException if it cannot be honoured
   */
  static Recipe read(JsonFile file, Optional<String> modelType) {
    PreprocessorKeys.refuseOthers(file);
    return new PreprocessorConfig(file, modelType).recipe();
  }

  private Recipe recipe() {
    boolean rescale = file.flag("do_rescale", true);
    Preprocessing steps =
        new Preprocessing(
            resize ? Optional.of(new Resize(target(), filter())) : Optional.empty(),
            crop(),
            rescale ? file.number("rescale_factor", ONE_LEVEL) : 1,
            mean(rescale),
            deviation());
    // The order is changed last: mean and deviation are those of red, green and blue all the same.
    Optional<Channels> channels =
        file.flag("do_flip_channel_order", false) ? Optional.of(Channels.BGR) : Optional.empty();
    return new Recipe(
        file.name(),
        steps,
        channels,
        channelsLast(),
        () -> origins(rescale),
        FixHints.HUGGING_FACE);
  }

  private Provenance origins(boolean rescale) {
    boolean normalize = file.flag("do_normalize", false);
    return new Provenance(
        resize ? file.origin(sizeKeys()) : file.origin("do_resize"),
        file.origin(resize ? "resample" : "do_resize"),
        convNext.isPresent()
            ? file.origin(sizeKeys())
            : file.origin(file.flag("do_center_crop", false) ? "crop_size" : "do_center_crop"),
        rescale
            ? file.origin("do_rescale", "rescale_factor", "rescale_offset")
            : file.origin("do_rescale"),
        file.origin(normalize ? "image_mean" : "do_normalize"),
        file.flag("include_top", false)
            ? file.origin("image_std", "include_top")
            : file.origin(normalize ? "image_std" : "do_normalize"),
        file.origin("do_flip_channel_order"),
        file.origin("data_format"));
  }

  private String[] sizeKeys() {
    if (convNext.isPresent()) {
      return new String[] {"size", "crop_pct"};
    }
    return file.require("size").isNumber()
        ? new String[] {"size", "default_to_square"}
        : new String[] {"size"};
  }

  private Rgb mean(boolean rescale) {
    Rgb mean =
        file.flag("do_normalize", false)
            ? ChannelValues.numbers(file, "image_mean")
            : Preprocessing.NO_MEAN;
    return rescale && file.flag("rescale_offset", false)
        ? new Rgb(mean.red() + 1, mean.green() + 1, mean.blue() + 1)
        : mean;
  }

  private Rgb deviation() {
    Rgb once =
        file.flag("do_normalize", false)
            ? ChannelValues.std(file, "image_std")
            : Preprocessing.NO_DEVIATION;
    if (!file.flag("include_top", false)) {
      return once;
    }
    // EfficientNet divides once more, by the same deviation.
    Rgb again = ChannelValues.std(file, "image_std");
    return new Rgb(
        once.red() * again.red(), once.green() * again.green(), once.blue() * again.blue());
  }

  /** {@code channels_first} says nothing: it is the default, and stands in files for any graph. */
  private boolean channelsLast() {
    String format = file.text("data_format");
    if (format == null || format.equals("channels_first")) {
      return false;
    }
    if (format.equals("channels_last")) {
      return true;
    }
    throw file.wrong("data_format", "\"channels_first\" or \"channels_last\"");
  }

  private Optional<Crop> crop() {
    if (convNext.isPresent()) {
      return convNext.get().crop();
    }
    return file.flag("do_center_crop", false)
        ? Optional.of(new Crop(size("crop_size"), Centre.TRANSFORMERS))
        : Optional.empty();
  }

  private Target target() {
    if (convNext.isPresent()) {
      return convNext.get().target();
    }
    JsonNode size = file.require("size");
    if (size.isNumber() && (processor.isPresent() || file.find("default_to_square") != null)) {
      int number = file.positiveInt("size");
      boolean square = processor.map(ImageProcessor::squareFromNumber).orElse(true);
      return file.flag("default_to_square", square)
          ? new Exactly(new Size(number, number))
          : new ShortestEdge(enlarged(number));
    }
    if (size.has("shortest_edge") && size.size() == 1) {
      return new ShortestEdge(enlarged(file.positiveInt("size.shortest_edge")));
    }
    return new Exactly(size("size"));
  }

  /** LeViT scales to 256 for a size of 224, and so on; the others take the number as it is. */
  private int enlarged(int edge) {
    return processor.equals(Optional.of(ImageProcessor.LEVIT)) ? (int) (256.0 / 224 * edge) : edge;
  }

  private Size size(String key) {
    JsonNode size = file.require(key);
    if (size.isNumber() && key.equals("crop_size")) {
      return new Size(file.positiveInt(key), file.positiveInt(key));
    }
    if (!size.isObject() || size.size() != 2 || !size.has("width") || !size.has("height")) {
      throw file.wrong(
          key,
          key.equals("size")
              ? "{\"height\": …, \"width\": …} or {\"shortest_edge\": …}"
              : "{\"height\": …, \"width\": …}");
    }
    return new Size(file.positiveInt(key + ".width"), file.positiveInt(key + ".height"));
  }

  private Filter filter() {
    JsonNode resample = file.require("resample");
    try {
      if (resample.isIntegralNumber()) {
        return Filter.ofPillow(resample.intValue());
      }
      if (resample.isTextual()) {
        return Filter.named(resample.textValue());
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    throw file.wrong(
        "resample",
        "0 (nearest), 1 (Lanczos), 2 (bilinear), 3 (bicubic), 4 (box), 5 (Hamming), or its name");
  }
}
