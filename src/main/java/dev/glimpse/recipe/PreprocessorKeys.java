package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.repository.JsonFile;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists the supported keys of {@code preprocessor_config.json}. Any other key that would change the
 * tensor is an error: preprocessing that differs from training gives wrong scores without a
 * warning.
 */
final class PreprocessorKeys {

  /** Names the class that wrote the file. */
  static final String NAME = "image_processor_type";

  /** Its older name. */
  static final String OLD_NAME = "feature_extractor_type";

  /** Keys that are read for every processor, although no class of transformers reads them. */
  static final Set<String> OWN =
      Set.of(
          NAME,
          OLD_NAME,
          "do_flip_channel_order",
          "data_format",
          ResizeMethod.KEY,
          LetterboxConfig.KEY);

  /** Names code that comes with a model. */
  private static final String CODE = "auto_map";

  private static final Set<String> READ =
      Set.of(
          NAME,
          OLD_NAME,
          "do_resize",
          "size",
          "default_to_square",
          "resample",
          "do_center_crop",
          CropShare.KEY,
          "crop_size",
          "do_rescale",
          "rescale_factor",
          "rescale_offset",
          "do_normalize",
          "image_mean",
          "image_std",
          "include_top",
          "do_flip_channel_order",
          "data_format",
          ResizeMethod.KEY,
          LetterboxConfig.KEY);

  /** Metadata, keys about images in arrays, and steps that are always performed. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "processor_class",
          "_processor_class",
          "_valid_processor_keys",
          "do_convert_rgb",
          "input_data_format",
          "return_tensors",
          "disable_grouping",
          "device");

  /** Each step's switch, and the key that configures the step. */
  private static final List<Map.Entry<String, String>> STEPS =
      List.of(
          Map.entry("do_resize", "size"),
          Map.entry("do_center_crop", "crop_size"),
          Map.entry("do_normalize", "image_mean"));

  private PreprocessorKeys() {}

  /**
   * Refuses a file that configures a step but does not say whether to perform it: that depends on
   * the image processor, which is unknown here.
   */
  static void refuseHalfSaid(JsonFile file) {
    for (Map.Entry<String, String> step : STEPS) {
      if (file.find(step.getValue()) != null && file.find(step.getKey()) == null) {
        throw file.unservable(
            "it has \"%s\" but no \"%s\", and names no image processor; add \"%s\" with the value used in training"
                .formatted(step.getValue(), step.getKey(), NAME));
      }
    }
  }

  /** Refuses a file whose processor is code of the model's own, whatever name it has. */
  static void refuseCode(JsonFile file) {
    if (file.find(CODE + ".AutoImageProcessor") != null) {
      throw file.unservable(
          "\"%s\" names an image processor of the model's own, whose code is not run here; if it does what a class of transformers does, name that class in \"%s\" and remove \"%s\""
              .formatted(CODE, NAME, CODE));
    }
  }

  /**
   * Refuses a step that is switched by {@code null} where the class performs it by default: some
   * versions of transformers read that as the default, and some as "no".
   */
  static void refuseUnclear(JsonFile file, ImageProcessor processor) {
    processor
        .defaults()
        .properties()
        .forEach(entry -> {
          JsonNode written = file.root().path(entry.getKey());
          if (written.isNull() && entry.getValue().isBoolean() && entry.getValue().booleanValue()) {
            throw file.wrong(
                entry.getKey(), "true or false: versions of transformers differ about it");
          }
        });
  }

  /** Refuses a file with an unsupported step, unless the step is switched off. */
  static void refuseOthers(JsonFile file) {
    for (Map.Entry<String, JsonNode> entry : file.root().properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      boolean off = value.isNull() || (value.isBoolean() && !value.booleanValue());
      if (!READ.contains(key) && !WITHOUT_EFFECT.contains(key) && !off) {
        throw file.unservable(
            "the preprocessing step \"%s\" is not supported; without it the scores may be wrong, so"
                    .formatted(key)
                + " remove it only if the model was trained without it");
      }
    }
  }
}
