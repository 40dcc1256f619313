package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.repository.JsonFile;
import java.util.Map;
import java.util.Set;

/**
 * The keys of {@code preprocessor_config.json} that are understood. Any other that would change the
 * tensor is refused: a model that is fed otherwise than it was trained answers wrongly, and nobody
 * sees why.
 */
final class PreprocessorKeys {

  /** The class that wrote the file. */
  static final String NAME = "image_processor_type";

  /** Its older name. */
  static final String OLD_NAME = "feature_extractor_type";

  private static final Set<String> READ =
      Set.of(
          NAME,
          OLD_NAME,
          "do_resize",
          "size",
          "default_to_square",
          "resample",
          "do_center_crop",
          "crop_pct",
          "crop_size",
          "do_rescale",
          "rescale_factor",
          "rescale_offset",
          "do_normalize",
          "image_mean",
          "image_std",
          "include_top",
          "do_flip_channel_order",
          "data_format");

  /** Other names, what is said of pictures that come as arrays, and steps that are taken anyway. */
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

  /** Steps, and what says how. */
  private static final Map<String, String> STEPS =
      Map.of("do_resize", "size", "do_center_crop", "crop_size", "do_normalize", "image_mean");

  private PreprocessorKeys() {}

  /**
   * Refuses a file that says how a step is done, and not whether: that is up to the image
   * processor, and nobody knows which it is.
   */
  static void refuseHalfSaid(JsonFile file) {
    STEPS.forEach((step, how) -> {
      if (file.find(how) != null && file.find(step) == null) {
        throw file.unservable(
            "it has \"%s\" and no \"%s\", and names no image processor; add \"%s\" as it was in training"
                .formatted(how, step, NAME));
      }
    });
  }

  /** Refuses a file with a step that is not known, unless it is switched off. */
  static void refuseOthers(JsonFile file) {
    for (Map.Entry<String, JsonNode> entry : file.root().properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      boolean off = value.isNull() || (value.isBoolean() && !value.booleanValue());
      if (!READ.contains(key) && !WITHOUT_EFFECT.contains(key) && !off) {
        throw file.unservable(
            "the preprocessing step \"%s\" is not known here; without it the answers may be wrong, so"
                    .formatted(key)
                + " remove it only if the model was trained without it");
      }
    }
  }
}
