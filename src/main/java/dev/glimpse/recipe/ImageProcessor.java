package dev.glimpse.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's image processors for classifiers: what a {@code preprocessor_config.json} means
 * where it leaves a key out, which depends on the class that wrote it. The values are the defaults
 * of the constructors in <a
 * href="https://github.com/huggingface/transformers/tree/main/src/transformers/models">transformers</a>.
 */
enum ImageProcessor {
  BEIT("Beit", true, Defaults.SQUARE_256_CROPPED),
  CONVNEXT(
      "ConvNext",
      false,
      """
      {"size": {"shortest_edge": 384}, "resample": 2, "crop_pct": 0.875,
       "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}\
      """),
  DEIT("DeiT", true, Defaults.SQUARE_256_CROPPED),
  EFFICIENTNET(
      "EfficientNet",
      true,
      """
      {"size": {"height": 346, "width": 346}, "resample": 0, "crop_size": {"height": 289, "width": 289},
       "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "include_top": true}\
      """),
  LEVIT(
      "Levit",
      false,
      """
      {"size": {"shortest_edge": 224}, "resample": 3,
       "do_center_crop": true, "crop_size": {"height": 224, "width": 224},
       "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}\
      """),
  MOBILENET_V1("MobileNetV1", false, Defaults.EDGE_256_CROPPED),
  MOBILENET_V2("MobileNetV2", false, Defaults.EDGE_256_CROPPED),
  /** Does not normalize, and puts blue first. */
  MOBILEVIT(
      "MobileViT",
      false,
      """
      {"size": {"shortest_edge": 224}, "resample": 2,
       "do_center_crop": true, "crop_size": {"height": 256, "width": 256},
       "do_normalize": false, "do_flip_channel_order": true}\
      """),
  VIT(
      "ViT",
      true,
      """
      {"size": {"height": 224, "width": 224}, "resample": 2,
       "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}\
      """);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The defaults that all of them share. */
  private static final String ALL =
      """
      {"do_resize": true, "do_rescale": true, "do_normalize": true}\
      """;

  /**
   * The processor of a file that names none: transformers' AutoImageProcessor then chooses by the
   * architecture in {@code config.json}.
   */
  private static final Map<String, ImageProcessor> BY_MODEL_TYPE =
      Map.ofEntries(
          Map.entry("beit", BEIT),
          Map.entry("data2vec-vision", BEIT),
          Map.entry("convnext", CONVNEXT),
          Map.entry("convnextv2", CONVNEXT),
          Map.entry("cvt", CONVNEXT),
          Map.entry("regnet", CONVNEXT),
          Map.entry("resnet", CONVNEXT),
          Map.entry("van", CONVNEXT),
          Map.entry("deit", DEIT),
          Map.entry("efficientnet", EFFICIENTNET),
          Map.entry("levit", LEVIT),
          Map.entry("mobilenet_v1", MOBILENET_V1),
          Map.entry("mobilenet_v2", MOBILENET_V2),
          Map.entry("mobilevit", MOBILEVIT),
          Map.entry("mobilevitv2", MOBILEVIT),
          Map.entry("swin", VIT),
          Map.entry("swinv2", VIT),
          Map.entry("vit", VIT));

  private final String stem;
  private final boolean squareFromNumber;
  private final String defaults;

  ImageProcessor(String stem, boolean squareFromNumber, String defaults) {
    this.stem = stem;
    this.squareFromNumber = squareFromNumber;
    this.defaults = defaults;
  }

  /**
   * The processor of a name as it stands in a file: {@code ViTImageProcessor}, {@code
   * ViTImageProcessorFast}, {@code ViTFeatureExtractor}.
   */
  static Optional<ImageProcessor> named(@Nullable String name) {
    return name == null
        ? Optional.empty()
        : Arrays.stream(values())
            .filter(p ->
                name.equals(p.stem + "ImageProcessor")
                    || name.equals(p.stem + "ImageProcessorFast")
                    || name.equals(p.stem + "FeatureExtractor"))
            .findFirst();
  }

  /** The processor of an architecture as {@code config.json} names it: {@code vit}. */
  static Optional<ImageProcessor> ofModelType(String modelType) {
    return Optional.ofNullable(BY_MODEL_TYPE.get(modelType));
  }

  /** What transformers calls it: {@code ViTImageProcessor}. */
  String title() {
    return stem + "ImageProcessor";
  }

  /** Whether {@code "size": 224} is a square; it is the shorter edge otherwise. */
  boolean squareFromNumber() {
    return squareFromNumber;
  }

  /** A new object with every key that this processor knows a value for. */
  ObjectNode defaults() {
    try {
      ObjectNode all = (ObjectNode) MAPPER.readTree(ALL);
      all.setAll((ObjectNode) MAPPER.readTree(defaults));
      return all;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What several of them share. */
  private static final class Defaults {

    static final String SQUARE_256_CROPPED =
        """
        {"size": {"height": 256, "width": 256}, "resample": 3,
         "do_center_crop": true, "crop_size": {"height": 224, "width": 224},
         "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}\
        """;

    static final String EDGE_256_CROPPED =
        """
        {"size": {"shortest_edge": 256}, "resample": 2,
         "do_center_crop": true, "crop_size": {"height": 224, "width": 224},
         "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}\
        """;

    private Defaults() {}
  }
}
