package dev.glimpse.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessing.Target;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Hugging Face's {@code preprocessor_config.json} as a recipe. A key that would change the tensor
 * and is not known here is refused: a model that is fed otherwise than it was trained answers
 * wrongly, and nobody sees why.
 */
final class PreprocessorConfig {

  private static final double ONE_LEVEL = 1 / 255.0;

  /** From this side on, ConvNeXT's pictures are scaled to their size and not cropped. */
  private static final int CONVNEXT_UNCROPPED = 384;

  private static final Set<String> KNOWN =
      Set.of(
          "do_resize",
          "size",
          "resample",
          "do_center_crop",
          "crop_pct",
          "crop_size",
          "do_rescale",
          "rescale_factor",
          "do_normalize",
          "image_mean",
          "image_std");

  /** Names, and steps that are taken anyway or change nothing here. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "image_processor_type",
          "feature_extractor_type",
          "processor_class",
          "_valid_processor_keys",
          "_processor_class",
          "do_convert_rgb",
          "data_format",
          "return_tensors",
          "disable_grouping",
          "device",
          "default_to_square");

  private PreprocessorConfig() {}

  static Preprocessing read(ModelFolder folder) {
    JsonFile file = JsonFile.read(folder, ModelFolder.PREPROCESSOR);
    refuseUnknown(file);
    boolean normalize = file.flag("do_normalize", false);
    boolean resize = file.flag("do_resize", false);
    boolean convNext = resize && file.find("crop_pct") != null;
    return new Preprocessing(
        resize
            ? Optional.of(new Resize(convNext ? convNextTarget(file) : target(file), filter(file)))
            : Optional.empty(),
        convNext ? convNextCrop(file) : crop(file),
        file.flag("do_rescale", true) ? file.number("rescale_factor", ONE_LEVEL) : 1,
        normalize ? rgb(file, "image_mean") : Preprocessing.NO_MEAN,
        normalize ? deviation(file) : Preprocessing.NO_DEVIATION);
  }

  private static void refuseUnknown(JsonFile file) {
    for (Map.Entry<String, JsonNode> entry : file.root().properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      boolean off = value.isNull() || (value.isBoolean() && !value.booleanValue());
      if (!KNOWN.contains(key) && !WITHOUT_EFFECT.contains(key) && !off) {
        throw file.unservable(
            "the preprocessing step \"%s\" is not known here; without it the answers may be wrong, so"
                    .formatted(key)
                + " remove it only if the model was trained without it");
      }
    }
  }

  private static Optional<Size> crop(JsonFile file) {
    return file.flag("do_center_crop", false)
        ? Optional.of(size(file, "crop_size"))
        : Optional.empty();
  }

  /** ConvNeXT scales small pictures past their size and crops them; large ones it only scales. */
  private static Target convNextTarget(JsonFile file) {
    int edge = file.positiveInt("size.shortest_edge");
    double share = file.number("crop_pct", 1);
    if (share <= 0 || share > 1) {
      throw file.wrong("crop_pct", "a number above 0 and at most 1");
    }
    return edge < CONVNEXT_UNCROPPED
        ? new ShortestEdge((int) (edge / share))
        : new Exactly(new Size(edge, edge));
  }

  private static Optional<Size> convNextCrop(JsonFile file) {
    int edge = file.positiveInt("size.shortest_edge");
    return edge < CONVNEXT_UNCROPPED ? Optional.of(new Size(edge, edge)) : Optional.empty();
  }

  private static Target target(JsonFile file) {
    JsonNode size = file.require("size");
    if (size.has("shortest_edge") && size.size() == 1) {
      return new ShortestEdge(file.positiveInt("size.shortest_edge"));
    }
    return new Exactly(size(file, "size"));
  }

  private static Size size(JsonFile file, String key) {
    JsonNode size = file.require(key);
    if (!size.isObject() || size.size() != 2 || !size.has("width") || !size.has("height")) {
      throw file.wrong(
          key,
          key.equals("size")
              ? "{\"height\": …, \"width\": …} or {\"shortest_edge\": …}"
              : "{\"height\": …, \"width\": …}");
    }
    return new Size(file.positiveInt(key + ".width"), file.positiveInt(key + ".height"));
  }

  private static Filter filter(JsonFile file) {
    JsonNode resample = file.require("resample");
    try {
      if (resample.isIntegralNumber()) {
        return Filter.ofPillow(resample.intValue());
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw file.wrong(
        "resample", "0 (nearest), 1 (Lanczos), 2 (bilinear), 3 (bicubic), 4 (box) or 5 (Hamming)");
  }

  private static Rgb rgb(JsonFile file, String key) {
    float[] numbers = file.threeNumbers(key);
    return new Rgb(numbers[0], numbers[1], numbers[2]);
  }

  private static Rgb deviation(JsonFile file) {
    Rgb rgb = rgb(file, "image_std");
    if (rgb.red() <= 0 || rgb.green() <= 0 || rgb.blue() <= 0) {
      throw file.wrong("image_std", "three numbers above 0");
    }
    return rgb;
  }
}
