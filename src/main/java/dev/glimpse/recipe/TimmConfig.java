package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Covering;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessing.Target;
import dev.glimpse.repository.JsonFile;
import java.util.Optional;
import java.util.Set;

/**
 * Reads timm's {@code pretrained_cfg} as a recipe: what its evaluation transform, built from
 * torchvision's, does with an image. Keys and defaults are those of its <a
 * href="https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/_pretrained.py">PretrainedCfg</a>,
 * the steps those of its <a
 * href="https://github.com/huggingface/pytorch-image-models/blob/main/timm/data/transforms_factory.py">transforms_imagenet_eval</a>.
 */
public final class TimmConfig {

  public static final String KEY = "pretrained_cfg";

  private static final Set<String> READ =
      Set.of("input_size", "interpolation", CropShare.KEY, "crop_mode", "mean", "std");

  /** The other fields of PretrainedCfg, none of which changes what its transform does. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "url",
          "file",
          "state_dict",
          "hf_hub_id",
          "hf_hub_filename",
          "source",
          "architecture",
          "tag",
          "custom_load",
          "test_input_size",
          "min_input_size",
          "fixed_input_size",
          "test_crop_pct",
          "num_classes",
          "label_offset",
          "label_names",
          "label_descriptions",
          "pool_size",
          "test_pool_size",
          "first_conv",
          "classifier",
          "license",
          "description",
          "origin_url",
          "paper_name",
          "paper_ids",
          "notes");

  private final JsonFile file;

  private TimmConfig(JsonFile file) {
    this.file = file.withDefaults(defaults(), "timm");
  }

  private static ObjectNode defaults() {
    ObjectNode defaults = JsonNodeFactory.instance.objectNode();
    defaults.putArray("input_size").add(3).add(224).add(224);
    defaults.put("interpolation", "bicubic");
    defaults.put(CropShare.KEY, 0.875);
    defaults.put("crop_mode", "center");
    defaults.putArray("mean").add(0.485).add(0.456).add(0.406);
    defaults.putArray("std").add(0.229).add(0.224).add(0.225);
    return defaults;
  }

  /**
   * Reads a model's recipe.
   *
   * @param config a file that has the key
   * @throws dev.glimpse.failure.UnservableModelException if it has an invalid or unsupported value
   */
  static Recipe read(JsonFile config) {
    JsonFile file = config.object(KEY);
    file.root()
        .fieldNames()
        .forEachRemaining(key -> {
          if (!READ.contains(key) && !WITHOUT_EFFECT.contains(key)) {
            throw file.unservable(
                "the key \"%s\" is not supported; remove it only if it has no effect on preprocessing"
                    .formatted(key));
          }
        });
    return new TimmConfig(file).recipe();
  }

  private Recipe recipe() {
    JsonNode input = file.require("input_size");
    if (!input.isArray() || input.size() != 3) {
      throw file.wrong("input_size", "[channels, height, width]");
    }
    Size size = new Size(file.positiveInt("input_size.2"), file.positiveInt("input_size.1"));
    Preprocessing steps =
        new Preprocessing(
            Optional.of(new Resize(target(scaled(size)), filter())),
            Optional.of(new Crop(size, Centre.TORCHVISION)),
            1 / 255.0,
            ChannelValues.numbers(file, "mean"),
            ChannelValues.std(file, "std"));
    return new Recipe(
        file.name(), steps, Optional.of(channels()), false, this::origins, FixHints.TIMM);
  }

  private Provenance origins() {
    return new Provenance(
        file.origin("input_size", CropShare.KEY, "crop_mode"),
        file.origin("interpolation"),
        file.origin("input_size"),
        Provenance.DEFAULT + " of timm",
        file.origin("mean"),
        file.origin("std"),
        file.origin("input_size"),
        Provenance.DEFAULT);
  }

  private Channels channels() {
    return switch (file.positiveInt("input_size.0")) {
      case 1 -> Channels.GREY;
      case 3 -> Channels.RGB;
      default -> throw file.wrong("input_size", "of 3 channels, or of 1");
    };
  }

  /** Returns the size to which the image is scaled before its center is cropped. */
  private Size scaled(Size size) {
    double share = CropShare.read(file);
    return new Size(
        (int) Math.floor(size.width() / share), (int) Math.floor(size.height() / share));
  }

  private Target target(Size scaled) {
    return switch (String.valueOf(file.text("crop_mode"))) {
      case "center" ->
          scaled.width() == scaled.height()
              ? new ShortestEdge(scaled.width())
              : new Covering(scaled);
      case "squash" -> new Exactly(scaled);
      default -> throw file.wrong("crop_mode", "\"center\" or \"squash\"");
    };
  }

  private Filter filter() {
    try {
      return Filter.named(String.valueOf(file.text("interpolation")));
    } catch (IllegalArgumentException e) {
      throw file.wrong(
          "interpolation",
          "\"nearest\", \"bilinear\", \"bicubic\", \"lanczos\", \"box\" or \"hamming\"");
    }
  }
}
