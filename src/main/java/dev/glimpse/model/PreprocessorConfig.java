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
          "include_top",
          "rescale_offset",
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

  private final JsonFile file;
  private final Optional<ImageProcessor> processor;
  private final boolean resize;
  private final boolean convNext;

  private PreprocessorConfig(JsonFile read) {
    String name = read.text("image_processor_type");
    this.processor =
        ImageProcessor.named(name != null ? name : read.text("feature_extractor_type"));
    this.file = processor.map(p -> read.withDefaults(p.defaults())).orElse(read);
    this.resize = file.flag("do_resize", false);
    boolean share = file.find("crop_pct") != null;
    // A file that names nobody, and has this key, is ConvNeXT's: nobody else's can be understood.
    this.convNext =
        resize && share && (name == null || processor.equals(Optional.of(ImageProcessor.CONVNEXT)));
    if (share && !convNext && resize) {
      throw file.unservable("\"crop_pct\" is known for ConvNeXT's image processor only");
    }
  }

  /**
   * Reads a model's recipe.
   *
   * @throws dev.glimpse.failure.UnservableModelException if it cannot be honoured
   */
  static Preprocessing read(ModelFolder folder) {
    JsonFile file = JsonFile.read(folder, ModelFolder.PREPROCESSOR);
    refuseUnknown(file);
    return new PreprocessorConfig(file).recipe();
  }

  private Preprocessing recipe() {
    boolean rescale = file.flag("do_rescale", true);
    boolean normalize = file.flag("do_normalize", false);
    Rgb mean = normalize ? rgb("image_mean") : Preprocessing.NO_MEAN;
    Rgb deviation = normalize ? deviation() : Preprocessing.NO_DEVIATION;
    if (rescale && file.flag("rescale_offset", false)) {
      mean = new Rgb(mean.red() + 1, mean.green() + 1, mean.blue() + 1);
    }
    if (file.flag("include_top", false)) {
      // EfficientNet divides once more, by the same deviation.
      Rgb again = deviation();
      deviation =
          new Rgb(
              deviation.red() * again.red(),
              deviation.green() * again.green(),
              deviation.blue() * again.blue());
    }
    return new Preprocessing(
        resize
            ? Optional.of(new Resize(convNext ? convNextTarget() : target(), filter()))
            : Optional.empty(),
        convNext ? convNextCrop() : crop(),
        rescale ? file.number("rescale_factor", ONE_LEVEL) : 1,
        mean,
        deviation);
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

  private Optional<Size> crop() {
    return file.flag("do_center_crop", false) ? Optional.of(size("crop_size")) : Optional.empty();
  }

  /** ConvNeXT scales small pictures past their size and crops them; large ones it only scales. */
  private Target convNextTarget() {
    int edge = convNextEdge();
    double share = file.number("crop_pct", 1);
    if (share <= 0 || share > 1) {
      throw file.wrong("crop_pct", "a number above 0 and at most 1");
    }
    return edge < CONVNEXT_UNCROPPED
        ? new ShortestEdge((int) (edge / share))
        : new Exactly(new Size(edge, edge));
  }

  private int convNextEdge() {
    return file.positiveInt(file.require("size").isNumber() ? "size" : "size.shortest_edge");
  }

  private Optional<Size> convNextCrop() {
    int edge = convNextEdge();
    return edge < CONVNEXT_UNCROPPED ? Optional.of(new Size(edge, edge)) : Optional.empty();
  }

  private Target target() {
    JsonNode size = file.require("size");
    if (size.isNumber() && processor.isPresent()) {
      int number = file.positiveInt("size");
      return processor.get().squareFromNumber()
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
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw file.wrong(
        "resample", "0 (nearest), 1 (Lanczos), 2 (bilinear), 3 (bicubic), 4 (box) or 5 (Hamming)");
  }

  private Rgb rgb(String key) {
    float[] numbers = file.threeNumbers(key);
    return new Rgb(numbers[0], numbers[1], numbers[2]);
  }

  private Rgb deviation() {
    Rgb rgb = rgb("image_std");
    if (rgb.red() <= 0 || rgb.green() <= 0 || rgb.blue() <= 0) {
      throw file.wrong("image_std", "three numbers above 0");
    }
    return rgb;
  }
}
