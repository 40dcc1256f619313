package dev.glimpse.recipe;

import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.ModelFolder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads Hugging Face's {@code preprocessor_config.json} as a recipe. A missing key has the default
 * of the {@link ImageProcessor} that the file names or, if it names none, of the architecture's;
 * without either, the step is skipped. Keys that a named processor does not read are ignored.
 */
final class PreprocessorConfig {

  static final String MODEL_TYPE = "model_type";

  private static final String BY_MODEL_TYPE = " by " + ModelFolder.CONFIG + ": " + MODEL_TYPE;
  private static final double ONE_LEVEL = 1 / 255.0;

  private final JsonFile file;
  private final boolean resize;
  private final SizeSteps sizes;

  private PreprocessorConfig(JsonFile file, Optional<ImageProcessor> processor) {
    this.file = file;
    this.resize = file.flag("do_resize", false);
    this.sizes = sizes(file, processor);
  }

  /**
   * Reads a model's recipe.
   *
   * @param modelType what {@code config.json} calls the architecture
   * @throws dev.glimpse.failure.UnservableModelException if it cannot be honoured
   */
  static Recipe read(JsonFile file, Optional<String> modelType) {
    PreprocessorKeys.refuseCode(file);
    @Nullable String name = file.text(PreprocessorKeys.NAME);
    @Nullable String named = name != null ? name : file.text(PreprocessorKeys.OLD_NAME);
    if (named != null) {
      ImageProcessor processor = ImageProcessor.named(named, file);
      PreprocessorKeys.refuseUnclear(file, processor);
      // Keys that its class does not read have no effect in transformers either.
      JsonFile read = file.only(processor::reads);
      return new PreprocessorConfig(
              read.withDefaults(processor.defaults(), processor.title()), Optional.of(processor))
          .recipe();
    }
    PreprocessorKeys.refuseOthers(file);
    Optional<ImageProcessor> processor =
        modelType.flatMap(type -> ImageProcessor.ofModelType(type, file));
    JsonFile filled =
        processor
            .map(p -> file.withDefaults(p.defaults(), p.title() + BY_MODEL_TYPE))
            .orElseGet(() -> file.orElse(PreprocessorKeys.NAME));
    if (processor.isEmpty()) {
      PreprocessorKeys.refuseHalfSaid(filled);
    }
    return new PreprocessorConfig(filled, processor).recipe();
  }

  private static SizeSteps sizes(JsonFile file, Optional<ImageProcessor> processor) {
    boolean resize = file.flag("do_resize", false);
    if (file.find(LetterboxConfig.KEY) != null) {
      if (!resize) {
        throw file.unservable("it has a \"letterbox\"; set \"do_resize\" to true, or remove it");
      }
      return new LetterboxConfig(file);
    }
    boolean share = resize && file.find(CropShare.KEY) != null;
    // A file without a processor's name but with this key is read as ConvNeXT's.
    if (share && processor.map(p -> p.is("ConvNext")).orElse(true)) {
      return new ConvNextConfig(file, ImageProcessor.centre(processor));
    }
    if (share && !processor.map(p -> p.is("PoolFormer")).orElse(false)) {
      throw file.unservable(
          "\"crop_pct\" is supported for the image processors of ConvNeXT and PoolFormer only");
    }
    SizeConfig sizes = new SizeConfig(file, processor);
    boolean perceiver = processor.map(p -> p.is("Perceiver")).orElse(false);
    return perceiver && sizes.crops() ? new PerceiverConfig(file, sizes) : sizes;
  }

  private Recipe recipe() {
    boolean rescale = file.flag("do_rescale", true);
    Preprocessing steps =
        new Preprocessing(
            resize ? Optional.of(resize()) : Optional.empty(),
            sizes.crop(),
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
        resize ? file.origin(sizes.keys()) : file.origin("do_resize"),
        resize ? file.origin(ResizeMethod.read(file).keys()) : file.origin("do_resize"),
        file.origin(sizes.cropKeys()),
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

  private Resize resize() {
    ResizeMethod method = ResizeMethod.read(file);
    return new Resize(sizes.part(), sizes.target(), method.filter(), method.passes());
  }
}
